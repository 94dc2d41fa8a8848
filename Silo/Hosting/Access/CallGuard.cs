using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Basgd.Contracts.Access;

namespace Basgd.Silo.Hosting.Access;

/// <summary>
/// Answers a call only where it comes with the ticket of a token that may act, unless it only looks. Who it says it comes from is
/// not asked: a gateway believes what its clients say of that. So silos send the ticket, too, with every call.
/// </summary>
internal sealed class CallGuard(AccessOptions options) : IIncomingGrainCallFilter
{
    /// <summary>
    /// What goes on without a ticket in Orleans: a grain's own timer, whose calls never leave the silo, and what a client asks
    /// to know which grains there are.
    /// </summary>
    private static readonly string[] Unasked = ["IGrainTimerInvoker", "IClusterManifestSystemTarget"];

    private readonly byte[][] act = Tickets(options.Act);
    private readonly byte[][] look = Tickets(options.Look);
    private readonly ConcurrentDictionary<MethodInfo, bool> looks = new();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        var ticket = RequestContext.Get(Token.TicketName) is string given ? Encoding.ASCII.GetBytes(given) : [];
        if (IsOneOf(act, ticket) || IsOpen(context)) return context.Invoke();
        throw new AccessRefusedException(IsOneOf(look, ticket)
            ? $"{context.MethodName}: the token given may look, not act; give the one in {AccessOptions.Section}:{nameof(AccessOptions.ActToken)} of the silos"
            : $"{context.MethodName}: is for those who may act; give the token in {AccessOptions.Section}:{nameof(AccessOptions.ActToken)} of the silos");
    }

    private bool IsOpen(IIncomingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        return looks.GetOrAdd(method, static method => method.IsDefined(typeof(LookAttribute)) || (method.DeclaringType is { Namespace: "Orleans.Runtime" } type && Unasked.Contains(type.Name)));
    }

    private static bool IsOneOf(byte[][] tickets, byte[] given) => tickets.Aggregate(false, (found, ticket) => CryptographicOperations.FixedTimeEquals(ticket, given) | found);

    private static byte[][] Tickets(IReadOnlyList<string> tokens) => [.. tokens.Select(static token => Encoding.ASCII.GetBytes(Token.Ticket(token)))];
}
