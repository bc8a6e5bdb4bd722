using System.Text.Json;
using System.Text.Json.Serialization;
using Surveillance.Messages;

namespace Surveillance.Alerting;

/// <summary>A stretch of a message that made a condition hold.</summary>
/// <param name="Start">UTF-16 offset of the first unit, into the words of <paramref name="Part"/> as captured.</param>
/// <param name="End">UTF-16 offset after the last unit.</param>
/// <param name="Condition">JSON pointer of the condition in the rule file, such as <c>/when/all/1</c>.</param>
/// <param name="Part">The part of the message (<see cref="CapturedMessage.TextOf"/>); null means the text.</param>
/// <param name="Message">Our id of another message of the conversation that the stretch lies in; null means the matched message itself.</param>
public sealed record EvidenceSpan(int Start, int End, string Condition, string? Part = null, string? Message = null);

/// <summary>What became of a condition.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProofState>))]
public enum ProofState
{
    /// <summary>It did not hold.</summary>
    [JsonStringEnumMemberName("notMatched")]
    NotMatched,
    /// <summary>It held.</summary>
    [JsonStringEnumMemberName("matched")]
    Matched,
    /// <summary>Something it needs was missing, so nobody can tell.</summary>
    [JsonStringEnumMemberName("notEvaluated")]
    NotEvaluated,
}

/// <summary>One condition of the rule as it was judged. Holds no words of a message.</summary>
/// <param name="Path">JSON pointer in the rule file, such as <c>/when/all/1</c>.</param>
/// <param name="Operator">The operator's name as the rule writes it, such as <c>all</c> or <c>lexicon</c>.</param>
/// <param name="Says">The condition as a sentence for people, without a full stop: "a phrase of the lexicon off-channel-invitations is used".</param>
/// <param name="State">What became of it.</param>
public sealed record ProofNode(string Path, string Operator, string Says, ProofState State)
{
    /// <summary>What was found, such as <c>0.93</c> or <c>2 phrases</c>; null where there is nothing to compare.</summary>
    public string? Value { get; init; }

    /// <summary>What was asked for, such as <c>at least 0.8</c>; null where there is nothing to compare.</summary>
    public string? Threshold { get; init; }

    /// <summary>Why it was not evaluated, or what else must be known; null when nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Its own evidence in order, without that of its parts.</summary>
    public IReadOnlyList<EvidenceSpan> Evidence { get; init; } = [];

    /// <summary>The conditions it is made of, in the order of the rule.</summary>
    public IReadOnlyList<ProofNode> Parts { get; init; } = [];
}

/// <summary>A trained model that was asked.</summary>
/// <param name="Name">Its name, such as <c>marketing</c>.</param>
/// <param name="Hash">SHA-256 of its weights, lower-case hex; null when it was missing.</param>
/// <param name="Score">What it gave the message, 0 to 1; null when it was missing.</param>
public sealed record ProofModel(string Name, string? Hash, double? Score);

/// <summary>A record of the ledger that was looked up.</summary>
/// <param name="Person">Our id of the data subject.</param>
/// <param name="Purpose">The purpose asked for.</param>
/// <param name="State">The state found, such as <c>withdrawn</c>; <c>none</c> when nothing was recorded.</param>
/// <param name="At">From when that state holds; null when nothing was recorded.</param>
/// <param name="Position">Archive position of the entry that says so; null when nothing was recorded.</param>
public sealed record ProofConsent(string Person, string Purpose, string State, DateTimeOffset? At, long? Position);

/// <summary>Why a rule held on a message, complete enough to say it again at any later time. Holds no words of a message.</summary>
public sealed record MatchProof
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>The rule's version.</summary>
    public required int Version { get; init; }

    /// <summary>Hash of the rule with every lexicon, list and parameter it refers to, lower-case hex.</summary>
    public required string VersionHash { get; init; }

    /// <summary>The revision that was running.</summary>
    public required string Revision { get; init; }

    /// <summary>The archive position up to which the judgement knew the archive.</summary>
    public required long Position { get; init; }

    /// <summary>The tree of <c>when</c>.</summary>
    public required ProofNode When { get; init; }

    /// <summary>The tree of <c>unless</c>; null where the rule has none.</summary>
    public ProofNode? Unless { get; init; }

    /// <summary>Every model that the rule asks, in order of name.</summary>
    public IReadOnlyList<ProofModel> Models { get; init; } = [];

    /// <summary>Every record of the ledger that the rule looked up.</summary>
    public IReadOnlyList<ProofConsent> Consent { get; init; } = [];

    /// <summary>The proof as JSON, the same bytes for the same proof.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON.</param>
    /// <exception cref="JsonException">The text is not a proof.</exception>
    public static MatchProof FromJson(string json) => JsonSerializer.Deserialize<MatchProof>(json, Options) ?? throw new JsonException("A proof is an object.");
}
