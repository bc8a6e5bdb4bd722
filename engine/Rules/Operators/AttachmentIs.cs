using System.IO.Enumeration;
using Surveillance.Messages;
using Surveillance.Rules.Source;
using Surveillance.Text;

namespace Surveillance.Rules.Operators;

/// <summary>A file of some kind is attached.</summary>
internal sealed class AttachmentIs : Condition
{
    internal static readonly Operator Definition = new(
        "attachment",
        "A file is attached whose name and media type fit the patterns (`*` stands for anything, `?` for one character; letter case does not count) and which is at least so large; "
            + "without options, any file. Not evaluated where a name, type or size that could decide it is not known.",
        """{ "attachment": { "name": "*.xlsx", "atLeastBytes": 100000 } }""",
        """
        { "type": "object", "additionalProperties": false, "properties": {
            "name": { "type": "string", "minLength": 1 },
            "mediaType": { "type": "string", "minLength": 1 },
            "atLeastBytes": { "type": "integer", "minimum": 1 } } }
        """,
        Read);

    private readonly string? _name, _mediaType;
    private readonly int? _atLeastBytes;

    private AttachmentIs(SourceNode node, string? name, string? mediaType, int? atLeastBytes)
        : base(node)
    {
        _name = name;
        _mediaType = mediaType;
        _atLeastBytes = atLeastBytes;
    }

    public override string Operator => Definition.Name;

    public override string Says
    {
        get
        {
            var what = new List<string>();
            if (_name is not null) { what.Add($"named {_name}"); }
            if (_mediaType is not null) { what.Add($"of type {_mediaType}"); }
            if (_atLeastBytes is not null) { what.Add($"of at least {_atLeastBytes} bytes"); }
            return $"a file is attached {Options.Join(what, "and")}".TrimEnd();
        }
    }

    internal override Outcome Evaluate(Facts facts)
    {
        var state = Truth.NotMatched;
        var evidence = new List<Evidence>();
        for (var i = 0; i < facts.Message.Attachments.Count; i++)
        {
            var attachment = facts.Message.Attachments[i];
            switch (Fits(attachment))
            {
                case Truth.Matched:
                    state = Truth.Matched;
                    if (!facts.Explaining)
                    {
                        return Outcome.Matched;
                    }
                    if (attachment.Name is { Length: > 0 } name)
                    {
                        evidence.Add(facts.Evidence(new TextSpan(0, name.Length), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"attachments/{i}/name"), this));
                    }
                    break;
                case Truth.NotEvaluated when state == Truth.NotMatched:
                    state = Truth.NotEvaluated;
                    break;
            }
        }
        return facts.Explaining
            ? new Outcome(state, ProofOf(state) with
            {
                Evidence = Evidence.Tidy(evidence, out var truncated), EvidenceTruncated = truncated,
                Note = state == Truth.NotEvaluated ? "the name, type or size of a file is not known" : null,
            })
            : new Outcome(state);
    }

    private Truth Fits(Attachment attachment)
    {
        var name = Fits(_name, attachment.Name);
        var type = Fits(_mediaType, attachment.MediaType);
        var size = _atLeastBytes is null ? Truth.Matched : attachment.SizeBytes is null ? Truth.NotEvaluated : attachment.SizeBytes >= _atLeastBytes ? Truth.Matched : Truth.NotMatched;
        return name == Truth.NotMatched || type == Truth.NotMatched || size == Truth.NotMatched ? Truth.NotMatched
            : name == Truth.NotEvaluated || type == Truth.NotEvaluated || size == Truth.NotEvaluated ? Truth.NotEvaluated : Truth.Matched;
    }

    private static Truth Fits(string? pattern, string? value) => pattern is null ? Truth.Matched
        : value is null ? Truth.NotEvaluated
        : FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: true) ? Truth.Matched : Truth.NotMatched;

    private static AttachmentIs? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (Options.Object(value, Definition.Name, "an object such as `{ \"name\": \"*.xlsx\" }`", context, "name", "mediaType", "atLeastBytes") is not { } fields)
        {
            return null;
        }
        var (name, mediaType, atLeastBytes) = (fields.Text("name"), fields.Text("mediaType"), fields.Integer("atLeastBytes", 1, int.MaxValue));
        var wrong = (fields.Node("name") is not null && name is null) || (fields.Node("mediaType") is not null && mediaType is null) || (fields.Node("atLeastBytes") is not null && atLeastBytes is null);
        return wrong ? null : new AttachmentIs(node, name, mediaType, atLeastBytes);
    }
}
