using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Surveillance.Accounts;
using Surveillance.Audit;
using Surveillance.Dashboard.Accounts;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Jobs;
using Surveillance.Messages;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Jobs;

/// <summary>Jobs for programs, <c>/api/v1/jobs</c> and <c>/api/v1/rescans</c>, and the same for the commands over the control socket.</summary>
internal static class JobsApi
{
    internal const string Path = "/api/v1/jobs";

    private const int MostAtOnce = 200;

    internal static void MapJobsApi(this IEndpointRouteBuilder routes)
    {
        Map(routes.MapGroup("/api/v1").RequireAuthorization(Scopes.AlertsRead), routes.MapGroup("/api/v1").RequireAuthorization(Scopes.JobsRun).DisableAntiforgery());
        var control = routes.MapGroup("/control").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().OnlyOverControlSocket();
        Map(control, control);
    }

    private static void Map(RouteGroupBuilder read, RouteGroupBuilder act)
    {
        read.MapGet("/jobs", List).Describe(JobOperations.List);
        read.MapGet("/jobs/{id}", Find).Describe(JobOperations.Find);
        read.MapGet("/jobs/{id}/changes", Changes).Describe(JobOperations.Changes);
        read.MapGet("/jobs/{id}/failures", Failures).Describe(JobOperations.Failures);
        act.MapPost("/rescans", StartAsync).Describe(JobOperations.Start);
        act.MapPost("/jobs/{id}/pause", (string id, HttpContext http, RunDesk desk, JobReader jobs, CancellationToken cancel) => AskAsync(id, JobAction.Pause, http, desk, jobs, cancel)).Describe(JobOperations.Pause);
        act.MapPost("/jobs/{id}/resume", (string id, HttpContext http, RunDesk desk, JobReader jobs, CancellationToken cancel) => AskAsync(id, JobAction.Resume, http, desk, jobs, cancel)).Describe(JobOperations.Resume);
        act.MapPost("/jobs/{id}/cancel", (string id, HttpContext http, RunDesk desk, JobReader jobs, CancellationToken cancel) => AskAsync(id, JobAction.Cancel, http, desk, jobs, cancel)).Describe(JobOperations.Cancel);
        act.MapPost("/jobs/{id}/retry", (string id, HttpContext http, RunDesk desk, JobReader jobs, CancellationToken cancel) => AskAsync(id, JobAction.Retry, http, desk, jobs, cancel)).Describe(JobOperations.Retry);
    }

    /// <summary>The number that an address names; false for what is none.</summary>
    internal static bool TryNumber(string? text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    /// <summary>Asks something of a run.</summary>
    internal static ValueTask<RunOutcome> AskAsync(RunDesk desk, JobAction action, long number, string actor, CancellationToken cancel) => action switch
    {
        JobAction.Pause => desk.PauseAsync(number, actor, cancel),
        JobAction.Resume => desk.ResumeAsync(number, actor, cancel),
        JobAction.Cancel => desk.CancelAsync(number, actor, cancel),
        _ => desk.RetryAsync(number, actor, cancel),
    };

    private static async Task<IResult> StartAsync(HttpContext http, RescanDesk desk, JobReader jobs, CancellationToken cancel)
    {
        var (request, refused) = await RescanBody.ReadAsync(http.Request, cancel);
        if (refused is not null)
        {
            return refused;
        }
        var answer = await desk.StartAsync(request, RunTrigger.Request, ActorOf(http), cancel);
        if (answer.Run is { } run)
        {
            return TypedResults.Json(JobAnswer.Of(jobs.Find(run.Number)!, withRules: true), statusCode: StatusCodes.Status202Accepted).At(http, run.Number);
        }
        if (answer.Field is { } field)
        {
            return Problems.Result(Problems.Invalid, answer.Problem!, [new InputError("invalid", "/" + field, answer.Problem!)]);
        }
        http.Response.Headers.RetryAfter = "1";
        return Problems.Result(Problems.NotReady, answer.Problem!);
    }

    private static IResult List(string? after, int? limit, JobReader jobs)
    {
        if (BadLimit(limit) is { } bad)
        {
            return bad;
        }
        long before = 0;
        if (after is not null && !TryNumber(after, out before))
        {
            return BadCursor();
        }
        var (items, next) = jobs.Read(after is null ? null : before, limit ?? 50);
        return TypedResults.Json(new JobsAnswer([.. items.Select(j => JobAnswer.Of(j, withRules: false))], next is { } number ? JobWords.Number(number) : null));
    }

    private static IResult Find(string id, JobReader jobs) =>
        TryNumber(id, out var number) && jobs.Find(number) is { } job ? TypedResults.Json(JobAnswer.Of(job, withRules: true)) : Unknown();

    private static IResult Changes(string id, string? kind, string? rule, string? after, int? limit, RunDesk runs, IRescanStore rescans)
    {
        if (BadLimit(limit) is { } bad)
        {
            return bad;
        }
        long from = 0;
        if (after is not null && !TryNumber(after, out from))
        {
            return BadCursor();
        }
        RescanChangeKind? wanted = Names<RescanChangeKind>.TryParse(kind, out var known) ? known : null;
        if (kind is not null && wanted is null)
        {
            return Problems.Result(Problems.BadRequest, $"`kind` is {string.Join(" or ", Names<RescanChangeKind>.All)}.");
        }
        if (!TryNumber(id, out var number) || runs.Find(number) is null)
        {
            return Unknown();
        }
        var max = limit ?? 50;
        var found = rescans.ReadChanges(number, wanted, rule, from, max + 1);
        return TypedResults.Json(new ChangesAnswer([.. found.Take(max).Select(ChangeAnswer.Of)], found.Count > max ? JobWords.Number(found[max - 1].Number) : null));
    }

    private static IResult Failures(string id, string? after, int? limit, RunDesk runs, IRescanStore rescans)
    {
        if (BadLimit(limit) is { } bad)
        {
            return bad;
        }
        long from = 0;
        if (after is not null && !TryNumber(after, out from))
        {
            return BadCursor();
        }
        if (!TryNumber(id, out var number) || runs.Find(number) is null)
        {
            return Unknown();
        }
        var max = limit ?? 50;
        var found = rescans.ReadFailures(number, from, max + 1);
        return TypedResults.Json(new FailuresAnswer([.. found.Take(max).Select(FailureAnswer.Of)], found.Count > max ? JobWords.Number(found[max - 1].Position) : null));
    }

    private static async Task<IResult> AskAsync(string id, JobAction action, HttpContext http, RunDesk desk, JobReader jobs, CancellationToken cancel)
    {
        if (!TryNumber(id, out var number))
        {
            return Unknown();
        }
        var outcome = await AskAsync(desk, action, number, ActorOf(http), cancel);
        return jobs.Find(number) is not { } job || outcome == RunOutcome.Unknown ? Unknown()
            : outcome == RunOutcome.Accepted ? TypedResults.Json(JobAnswer.Of(job, withRules: true), statusCode: StatusCodes.Status202Accepted).At(http, number)
            : Problems.Result(Problems.InvalidTransition, Refusal(action, job), null, ("state", Word.Of(job.Run.State)), ("actions", job.Actions.Select(Word.Of).ToArray()));
    }

    /// <summary>Why something cannot be asked of a run now, and what can.</summary>
    internal static string Refusal(JobAction action, JobModel job)
    {
        var state = JobWords.State(job.Run).ToLowerInvariant();
        var why = action == JobAction.Retry && job.Run.State == RunState.Finished ? "nothing failed" : action switch
        {
            JobAction.Pause => "only what waits or is at work can be paused",
            JobAction.Resume => "only what was paused or cancelled, or could not go on, can be resumed",
            JobAction.Cancel => "it has ended",
            _ => "only a finished one is tried again",
        };
        return $"{JobWords.Title(job.Run)} is {state}: {why}.{(job.Actions.Count == 0 ? "" : $" What can be done: {string.Join(", ", job.Actions.Select(Word.Of))}.")}";
    }

    private static IResult At(this IResult result, HttpContext http, long number)
    {
        http.Response.Headers.Location = Path + "/" + JobWords.Number(number);
        return result;
    }

    /// <summary>Over the control socket nobody signs in: whoever may open it owns the data folder.</summary>
    private static string ActorOf(HttpContext http) => http.User.Identity?.IsAuthenticated == true ? AuditActor.Of(http.User.ActorName()) : AccountDesk.Operator;

    private static ProblemHttpResult? BadLimit(int? limit) => limit is < 1 or > MostAtOnce ? Problems.Result(Problems.BadRequest, $"`limit` is a number from 1 to {MostAtOnce}.") : null;

    private static ProblemHttpResult BadCursor() => Problems.Result(Problems.BadRequest, "`after` is not a cursor of this list.");

    private static ProblemHttpResult Unknown() => Problems.Result(Problems.NotFound, "There is no job of this number.");
}
