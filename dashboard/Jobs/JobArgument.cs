using System.CommandLine;

namespace Surveillance.Dashboard.Jobs;

/// <summary>The number of a job on the command line.</summary>
internal static class JobArgument
{
    internal static Argument<long> Build() => new("id")
    {
        Description = "The job's number, as `jobs list` shows it",
        CustomParser = result =>
        {
            if (result.Tokens is [var token] && JobsApi.TryNumber(token.Value, out var number))
            {
                return number;
            }
            result.AddError("id is the number of a job, from 1");
            return 0;
        },
    };
}
