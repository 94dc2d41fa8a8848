using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Basgd.Contracts;
using Basgd.Contracts.Exporting;
using Basgd.Grains;

namespace Basgd.Silo.Page;

/// <summary>What the page asks for. Everybody may read; a POST needs the token.</summary>
internal sealed partial class PageApi(IGrainFactory grains, PageOptions options, TimeProvider time, ILogger<PageApi> logger)
{
    private const int DefaultPoints = 1_000;

    /// <summary>Without line breaks: a page asks every second or two.</summary>
    private static readonly JsonSerializerOptions Json = new(AnswerJson.Options) { WriteIndented = false };

    private readonly Answers answers = new(time);
    private readonly RepeatedProblem failures = new();

    public void Map(IEndpointRouteBuilder api)
    {
        Read(api, "/page", _ => Task.FromResult(new PageAnswer(options.Token is not null)));
        Read(api, "/jobs", _ => Jobs());
        Read(api, "/silos", _ => Silos());
        Read(api, "/jobs/{name}", context => AboutJob(context, static job => job.GetStatus()));
        Read(api, "/jobs/{name}/workers", context => AboutJob(context, static job => job.GetWorkers()));
        Read(api, "/jobs/{name}/history", context => AboutJob(context, job => job.GetHistory(Points(context))));
        Read(api, "/jobs/{name}/weights.safetensors", Export);
        Act(api, "/jobs/{name}/pause", static job => job.Pause());
        Act(api, "/jobs/{name}/resume", static job => job.Resume());
        Act(api, "/jobs/{name}/stop", static job => job.Stop());
        Act(api, "/jobs/{name}/evaluate", static job => job.Evaluate());
        api.Map("/{**rest}", static context => Refuse(context, StatusCodes.Status404NotFound, $"{context.Request.Method} {context.Request.Path}: there is no such thing here"));
    }

    private void Read<T>(IEndpointRouteBuilder api, string path, Func<HttpContext, Task<T>> ask) => api.MapGet(path, context => Answer(context, ask));

    private void Act(IEndpointRouteBuilder api, string path, Func<ITrainingJobGrain, Task> act) => api.MapPost(path, context => Act(context, act));

    private Task<IReadOnlyList<JobEntry>> Jobs() => answers.Get("jobs", () => grains.GetGrain<IJobDirectoryGrain>(0).List());

    private Task<SilosAnswer> Silos() => answers.Get("silos", async () =>
    {
        var directory = grains.GetGrain<ISiloDirectoryGrain>(0);
        return new SilosAnswer(await directory.List(), await directory.ListDead());
    });

    private async Task<T> AboutJob<T>(HttpContext context, Func<ITrainingJobGrain, Task<T>> ask)
        where T : class
    {
        var job = await Job(context);
        return await answers.Get($"{context.Request.Path}{context.Request.QueryString}", () => ask(job));
    }

    /// <summary>A name that nobody submitted must not activate a grain.</summary>
    private async Task<ITrainingJobGrain> Job(HttpContext context)
    {
        var name = (string)context.GetRouteValue("name")!;
        if ((await Jobs()).All(job => job.Name != name)) throw new JobRefusedException($"name = {name}: there is no such job");
        return grains.GetGrain<ITrainingJobGrain>(name);
    }

    private static int Points(HttpContext context)
    {
        if (context.Request.Query["most"].FirstOrDefault() is not { } most) return DefaultPoints;
        return int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var points) ? points : throw new JobRefusedException($"most = {most}: must be a number");
    }

    private async Task<object?> Export(HttpContext context)
    {
        var weights = await WeightsReader.Read(await Job(context), (string)context.GetRouteValue("name")!, context.RequestAborted);
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{weights.Job}-{weights.Version.Step}.safetensors\"";
        using var file = new MemoryStream();
        SafeTensors.Write(file, weights);
        file.Position = 0;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
        return null;
    }

    private async Task Act(HttpContext context, Func<ITrainingJobGrain, Task> act)
    {
        if (options.Token is null)
        {
            await Refuse(context, StatusCodes.Status403Forbidden, "this page is for looking only: the silo has no Basgd:Page:Token");
            return;
        }

        if (!IsToken(context.Request.Headers.Authorization.ToString()))
        {
            await Refuse(context, StatusCodes.Status401Unauthorized, "token: is not the one in Basgd:Page:Token");
            return;
        }

        await Answer(context, async _ =>
        {
            var job = await Job(context);
            await act(job);
            LogActed(context.Request.Path);
            return await job.GetStatus();
        });
    }

    private bool IsToken(string authorization) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(authorization)),
        SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {options.Token}")));

    private async Task Answer<T>(HttpContext context, Func<HttpContext, Task<T>> ask)
    {
        try
        {
            if (await ask(context) is { } answer) await context.Response.WriteAsJsonAsync(answer, Json, context.RequestAborted);
        }
        catch (JobRefusedException refused)
        {
            await Refuse(context, StatusCodes.Status400BadRequest, refused.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            var reason = FailureReason.From(failure);
            if (failures.IsNews(reason, out var times)) LogFailed(context.Request.Path, times, reason);
            var error = failure is StorageFailedException ? reason : $"the cluster does not answer: {reason}";
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, error);
        }
    }

    private static Task Refuse(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error }, Json, context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} was asked for on the page")]
    private partial void LogActed(PathString path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot answer {Path} of the page ({Failures} failures): {Reason}")]
    private partial void LogFailed(PathString path, int failures, string reason);

    /// <param name="MayAct">Whether the silo has a token.</param>
    private sealed record PageAnswer(bool MayAct);

    /// <param name="Dead">Those that are known to be dead, as long as the cluster remembers them.</param>
    private sealed record SilosAnswer(IReadOnlyList<SiloEntry> Silos, IReadOnlyList<SiloEntry> Dead);
}
