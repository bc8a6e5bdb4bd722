using Surveillance.Dashboard.Description;

namespace Surveillance.Dashboard.Health;

/// <summary>What the operations that tell health are for.</summary>
internal static class HealthOperations
{
    private const string Tag = "Health";

    internal static readonly ApiOperation Live = new("Whether the process runs")
    {
        Tag = Tag,
        Answers = [ApiAnswer.Json<LiveAnswer>(200, "It runs.", """{"status":"live"}""")],
    };

    internal static readonly ApiOperation Ready = new("Whether messages are taken and judged")
    {
        Tag = Tag,
        Answers =
        [
            ApiAnswer.Json<HealthAnswer>(200, "The pipeline runs; `trouble` says in words what is wrong.", """{"status":"ready","head":1024,"waiting":0,"trouble":[]}"""),
            ApiAnswer.Json<HealthAnswer>(503, "The pipeline does not run yet."),
        ],
    };
}
