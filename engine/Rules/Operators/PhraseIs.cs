using Surveillance.Detection.Lexicons;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>One of some phrases, written in the rule, is used.</summary>
internal sealed class PhraseIs : PhraseCondition
{
    internal static readonly Operator Definition = new(
        "phrase",
        "One of the phrases is used: its words in order, next to each other; letter case, accents, width, look-alike letters, signs for letters and spaced-out letters do not count. "
            + "A word of three letters or more may end in `*` for any ending; `stem` lets the endings of English words not count. Scripts without blanks match anywhere.",
        """{ "phrase": { "anyOf": ["text me", "unsubscrib*"], "zones": ["authored", "subject"] } }""",
        """
        { "oneOf": [ { "type": "string", "minLength": 1 },
            { "type": "object", "additionalProperties": false, "required": ["anyOf"], "properties": {
                "anyOf": { "oneOf": [ { "type": "string", "minLength": 1 }, { "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } } ] },
                "zones": { "$ref": "#/$defs/zones" },
                "stem": { "type": "boolean", "description": "Whether the endings of words do not count: promise, promised, promising." } } } ] }
        """,
        Read);

    private readonly string[] _written;

    private PhraseIs(SourceNode node, SearchZones zones, string[] written, PhrasePattern[] phrases)
        : base(node, zones, phrases) => _written = written;

    public override string Operator => Definition.Name;

    public override string Says =>
        (_written.Length == 1 ? $"the phrase \"{_written[0]}\"" : $"one of the phrases {Options.Join([.. _written.Take(5).Select(w => $"\"{w}\"")], _written.Length > 5 ? "," : "or")}{(_written.Length > 5 ? " …" : "")}")
        + " is used" + ZoneWords.Say(Zones);

    internal override string? NoteOn(IEnumerable<Occurrence> found) =>
        _written.Length == 1 ? null : "phrase " + Options.Join([.. found.Select(o => o.Phrase + 1).Distinct().Order().Take(20).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture))], "and");

    private protected override (bool Enough, string? Value, string? Threshold) Judge(Facts facts, List<Occurrence> found) => (found.Count > 0, null, null);

    private static PhraseIs? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (value is SourceString)
        {
            return new FieldReader(node, context.Diagnostics, Definition.Name).TextNodes(Definition.Name) is { } single && Patterns(single, false, context) is { } pattern
                ? new PhraseIs(node, SearchZones.Authored, [single[0].Value], pattern)
                : null;
        }
        if (Options.Object(value, Definition.Name, "a text, or an object with \"anyOf\"", context, "anyOf", "zones", "stem") is not { } fields)
        {
            return null;
        }
        var zones = ZoneWords.Read(fields, context);
        var stem = fields.Boolean("stem") ?? false;
        return fields.TextNodes("anyOf", required: true) is { } texts && Patterns(texts, stem, context) is { } patterns && zones is { } inZones
            ? new PhraseIs(node, inZones, [.. texts.Select(t => t.Value)], patterns)
            : null;
    }

    private static PhrasePattern[]? Patterns(SourceString[] texts, bool stem, ConditionContext context)
    {
        var patterns = new List<PhrasePattern>();
        foreach (var text in texts)
        {
            if (PhrasePattern.TryParse(text.Value, stem, out var pattern, out var problem))
            {
                patterns.Add(pattern);
            }
            else
            {
                context.Diagnostics.Error("E030", text.Span, problem, help: "write the words in order, such as `text me` or `unsubscrib*`");
            }
        }
        return patterns.Count == texts.Length ? [.. patterns] : null;
    }
}
