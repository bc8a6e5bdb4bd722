using System.Globalization;
using Surveillance.Detection.Lexicons;
using Surveillance.Rules.Source;

namespace Surveillance.Rules.Operators;

/// <summary>A phrase of a lexicon is used.</summary>
internal sealed class LexiconIs : PhraseCondition
{
    internal static readonly Operator Definition = new(
        "lexicon",
        "A phrase of the lexicon is used; with `distinct`, so many different ones.",
        """{ "lexicon": { "name": "off-channel-invitations", "zones": ["authored", "subject"], "distinct": 2 } }""",
        """
        { "oneOf": [ { "type": "string", "minLength": 1 },
            { "type": "object", "additionalProperties": false, "required": ["name"], "properties": {
                "name": { "type": "string", "minLength": 1, "description": "The id of a file in rules/lexicons." },
                "zones": { "$ref": "#/$defs/zones" },
                "distinct": { "type": "integer", "minimum": 1, "description": "How many different phrases are needed. Default: 1." } } } ] }
        """,
        Read);

    private readonly string _name;
    private readonly int _distinct;

    private LexiconIs(SourceNode node, SearchZones zones, string name, int distinct, IReadOnlyList<PhrasePattern> phrases)
        : base(node, zones, phrases)
    {
        _name = name;
        _distinct = distinct;
    }

    public override string Operator => Definition.Name;

    public override string Says =>
        (_distinct == 1 ? $"a phrase of the lexicon {_name} is used" : $"at least {_distinct} different phrases of the lexicon {_name} are used") + ZoneWords.Say(Zones);

    public override IEnumerable<ConditionReference> References => [new ConditionReference("lexicon", _name)];

    internal override string? NoteOn(IEnumerable<Occurrence> found)
    {
        var numbers = found.Select(o => o.Phrase + 1).Distinct().Order().ToList();
        return $"phrase {Options.Join([.. numbers.Take(20).Select(n => n.ToString(CultureInfo.InvariantCulture))], "and")}{(numbers.Count > 20 ? " and more" : "")} of {_name}";
    }

    private protected override (bool Enough, string? Value, string? Threshold) Judge(Facts facts, List<Occurrence> found)
    {
        if (_distinct == 1)
        {
            return (found.Count > 0, facts.Explaining && found.Count > 0 ? Options.Count(found.Count, "place") : null, null);
        }
        var different = 0;
        for (var i = 0; i < found.Count; i++)
        {
            different += i == 0 || found[i].Phrase != found[i - 1].Phrase ? 1 : 0; // places come phrase by phrase
        }
        return (different >= _distinct, facts.Explaining ? Options.Count(different, "phrase") : null, facts.Explaining ? $"at least {_distinct}" : null);
    }

    private static LexiconIs? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (value is SourceString)
        {
            return new FieldReader(node, context.Diagnostics, Definition.Name).TextNode(Definition.Name) is { } single && Patterns(single, 1, context) is { } all
                ? new LexiconIs(node, SearchZones.Authored, single.Value, 1, all)
                : null;
        }
        if (Options.Object(value, Definition.Name, "the name of a lexicon, or an object with \"name\"", context, "name", "zones", "distinct") is not { } fields)
        {
            return null;
        }
        var zones = ZoneWords.Read(fields, context);
        var distinct = fields.Integer("distinct", 1, int.MaxValue) ?? 1;
        return fields.TextNode("name", required: true) is { } name && Patterns(name, distinct, context) is { } phrases && zones is { } inZones
            ? new LexiconIs(node, inZones, name.Value, distinct, phrases)
            : null;
    }

    private static List<PhrasePattern>? Patterns(SourceString name, int distinct, ConditionContext context)
    {
        if (!context.Lexicons.TryGetValue(name.Value, out var lexicon))
        {
            context.UnknownName("lexicon", name);
            return null;
        }
        if (distinct > lexicon.Phrases.Count && lexicon.Phrases.Count > 0)
        {
            context.Diagnostics.Error("E015", name.Span, $"{distinct} different phrases can never be found: the lexicon \"{name.Value}\" has {lexicon.Phrases.Count}", help: $"write a `distinct` of at most {lexicon.Phrases.Count}");
            return null;
        }
        var patterns = new List<PhrasePattern>(lexicon.Phrases.Count);
        foreach (var phrase in lexicon.Phrases)
        {
            if (!PhrasePattern.TryParse(phrase.Text, phrase.Stem, out var pattern, out _))
            {
                return null; // reported where the lexicon is read
            }
            patterns.Add(pattern);
        }
        return patterns;
    }
}
