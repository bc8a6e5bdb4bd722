using Microsoft.AspNetCore.Http.Metadata;
using Surveillance.Dashboard.Shared;

namespace Surveillance.Dashboard.Description;

/// <summary>An answer of an operation that is no problem.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Says">What it means.</param>
/// <param name="Type">The type of its JSON; null for an answer without a body or of another media type.</param>
/// <param name="MediaType">The media type; null for none.</param>
/// <param name="Example">An invented example as JSON; or null.</param>
internal sealed record ApiAnswer(int Status, string Says, Type? Type = null, string? MediaType = null, string? Example = null)
{
    /// <summary>An answer in JSON.</summary>
    internal static ApiAnswer Json<T>(int status, string says, string? example = null) => new(status, says, typeof(T), "application/json", example);
}

/// <summary>A header or a query parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Says">What it is for, and what holds without it.</param>
internal sealed record ApiParameter(string Name, string Says)
{
    /// <summary>Whether it is a header that the route's method does not name itself.</summary>
    internal bool IsHeader { get; init; }

    /// <summary>Whether the request is refused without it.</summary>
    internal bool IsRequired { get; init; }

    /// <summary>The words that it takes; null where it takes more than words.</summary>
    internal IReadOnlyList<string>? Words { get; init; }

    /// <summary>The least and the greatest number that it takes; null where it is no number.</summary>
    internal (int Least, int Greatest)? Range { get; init; }
}

/// <summary>What an operation of the API is for, what it takes and everything that it answers: the source of <c>/openapi/v1.json</c>.</summary>
/// <param name="Summary">What it does, in a few words, without a full stop.</param>
internal sealed record ApiOperation(string Summary)
{
    /// <summary>More about it; or null.</summary>
    internal string? Says { get; init; }

    /// <summary>The group of operations that it is shown with.</summary>
    internal required string Tag { get; init; }

    /// <summary>The type of the body that it takes; null for none.</summary>
    internal Type? Body { get; init; }

    /// <summary>The media types of the body.</summary>
    internal IReadOnlyList<string> BodyTypes { get; init; } = ["application/json"];

    /// <summary>Whether the body may be left out.</summary>
    internal bool BodyIsOptional { get; init; }

    /// <summary>An invented body; or null.</summary>
    internal string? BodyExample { get; init; }

    /// <summary>Its parameters, beside those of its path.</summary>
    internal IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>What it answers when it did what was asked.</summary>
    internal required IReadOnlyList<ApiAnswer> Answers { get; init; }

    /// <summary>How it refuses, beside what every operation under its authorization answers (401, 403).</summary>
    internal IReadOnlyList<ProblemKind> Problems { get; init; } = [];
}

/// <summary>Describes routes.</summary>
internal static class ApiOperations
{
    /// <summary>Describes what is mapped. Every route that programs use has this: the description of the API is made of it, and a test holds it to what the route answers.</summary>
    /// <param name="builder">The route.</param>
    /// <param name="operation">The description.</param>
    internal static TBuilder Describe<TBuilder>(this TBuilder builder, ApiOperation operation) where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(operation);
        foreach (var answer in operation.Answers)
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(answer.Status, answer.Type, answer.MediaType is { } type ? [type] : []));
        }
        return builder; // not of the body: routing would take it for a filter and refuse other media types before anybody is asked who he is
    }
}
