using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Surveillance.Accounts;
using Surveillance.Audit;
using Surveillance.Dashboard.Shared;
using Surveillance.Jobs;
using Surveillance.Rescan;

namespace Surveillance.Dashboard.Jobs;

/// <summary>The pages of jobs and their forms.</summary>
internal static class JobRoutes
{
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(15);

    internal static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/jobs").RequireAuthorization(Scopes.AlertsRead);
        read.MapGet("", async (string? after, HttpContext context, JobPageReader pages, CancellationToken cancel) =>
            Pages.Show<JobsPage>(await pages.ListAsync(context, after, RescanForm.Empty, cancel)));
        read.MapGet("{id}", async Task<Results<RazorComponentResult<JobPage>, RazorComponentResult<ErrorView>>> (
            string id, [AsParameters] JobAddress address, HttpContext context, JobPageReader pages, CancellationToken cancel) =>
            await pages.FindAsync(context, id, address, cancel) is { } page ? Pages.Show<JobPage>(page) : NoJob());
        var act = routes.MapGroup("/jobs").RequireAuthorization(Scopes.JobsRun);
        act.MapPost("rescans", StartAsync);
        foreach (var action in Enum.GetValues<JobAction>())
        {
            // The token is bound with the form, so that a post without one is refused.
            act.MapPost("{id}/" + Word.Of(action), (string id, [FromForm] string? back, HttpContext context, RunDesk desk, JobReader jobs, TimeProvider time, CancellationToken cancel) =>
                AskAsync(id, action, back, context, desk, jobs, time, cancel));
        }
    }

    private static async Task<Results<SeeOther, RazorComponentResult<JobsPage>>> StartAsync(
        IFormCollection fields, HttpContext context, RescanDesk desk, JobPageReader pages, TimeProvider time, CancellationToken cancel)
    {
        var form = RescanForm.Of(fields);
        var (request, problem, field) = form.Read();
        if (request is not null)
        {
            var answer = await desk.StartAsync(request, RunTrigger.Request, ActorOf(context), cancel);
            if (answer.Run is { } run)
            {
                Say(context, time, $"{JobWords.Title(run)} is on its way.", false);
                return new SeeOther(JobWords.UrlOf(run.Number));
            }
            (problem, field) = (answer.Problem, answer.Field);
        }
        var page = await pages.ListAsync(context, null, form, cancel);
        return Pages.Show<JobsPage>(page with { Problem = problem, Field = field }, StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<SeeOther, RazorComponentResult<ErrorView>>> AskAsync(
        string id, JobAction action, string? back, HttpContext context, RunDesk desk, JobReader jobs, TimeProvider time, CancellationToken cancel)
    {
        if (!JobsApi.TryNumber(id, out var number) || jobs.Find(number) is not { } job)
        {
            return NoJob();
        }
        if (await JobsApi.AskAsync(desk, action, number, ActorOf(context), cancel) == RunOutcome.Accepted)
        {
            Say(context, time, $"{JobWords.Title(job.Run)}: {JobWords.Did(action)}", false);
        }
        else
        {
            Say(context, time, JobsApi.Refusal(action, jobs.Find(number) ?? job), true);
        }
        return SeeOther.Back(back, JobWords.UrlOf(number));
    }

    private static void Say(HttpContext context, TimeProvider time, string words, bool isProblem)
    {
        var now = time.GetUtcNow();
        new Notice(words, null, null, now + Shown, isProblem).Send(context, now);
    }

    private static string ActorOf(HttpContext context) => AuditActor.Of(context.User.Identity!.Name!);

    private static RazorComponentResult<ErrorView> NoJob() => Pages.NotFound("There is no such job", "The address is wrong: jobs are numbered from 1.");
}
