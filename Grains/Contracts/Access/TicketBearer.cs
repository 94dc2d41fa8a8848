namespace Basgd.Contracts.Access;

/// <summary>Sends the ticket of a token with each call, except to clients, who could use it.</summary>
public sealed class TicketBearer(string token) : IOutgoingGrainCallFilter
{
    private readonly string ticket = Token.Ticket(token);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        // Set in this method's own flow: the caller, and its answer to others, do not have it.
        if (!context.TargetId.IsClient()) RequestContext.Set(Token.TicketName, ticket);
        await context.Invoke();
    }
}
