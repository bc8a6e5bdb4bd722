using System.Text.Json;
using Surveillance.Messages;

namespace Surveillance.Rescan;

/// <summary>What somebody wants the running rules to be held against once more. What is left out takes in everything.</summary>
public sealed record RescanRequest
{
    /// <summary>Only messages sent at or after this time, UTC.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only messages sent before this time, UTC.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only messages of these channels; empty for all.</summary>
    public IReadOnlyList<Channel> Channels { get; init; } = [];

    /// <summary>Only these rules, by id; a rule that no longer runs loses its matches. Empty for all.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether rules that have not changed since a message was judged are judged again as well: nothing but a defect makes a difference then.</summary>
    public bool Verify { get; init; }

    /// <summary>Whether to tell only what would change.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What a rescan is about: a request, and what it is held against. Kept with the run.</summary>
public sealed record RescanScope
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What was asked for.</summary>
    public required RescanRequest Request { get; init; }

    /// <summary>Position of the activation whose revision judges.</summary>
    public required long Activation { get; init; }

    /// <summary>Only messages up to this position; those after it are judged as they come.</summary>
    public required long Through { get; init; }

    /// <summary>Name of the schedule that asked for it; null where none did.</summary>
    public string? Schedule { get; init; }

    /// <summary>The scope as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote; null for anything else.</summary>
    /// <param name="json">The JSON.</param>
    public static RescanScope? TryFromJson(string json)
    {
        try
        {
            return FromJson(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON.</param>
    /// <exception cref="JsonException">The text is no scope.</exception>
    public static RescanScope FromJson(string json) => JsonSerializer.Deserialize<RescanScope>(json, Options) ?? throw new JsonException("A scope is an object.");
}
