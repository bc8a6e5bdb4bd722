using System.Text.RegularExpressions;
using Surveillance.Rules.Source;
using Surveillance.Text;

namespace Surveillance.Rules.Operators;

/// <summary>A regular expression matches in the words as captured.</summary>
internal sealed class RegexIs : TextCondition
{
    internal static readonly Operator Definition = new(
        "regex",
        "The regular expression (.NET syntax without lookaround and backreferences, so that it runs in linear time) matches in the words as captured, inside one zone.",
        """{ "regex": { "pattern": "\\bdeal\\s+id\\s+[A-Z]{2}[0-9]{6}\\b", "caseSensitive": true } }""",
        """
        { "oneOf": [ { "type": "string", "minLength": 1, "maxLength": 1000 },
            { "type": "object", "additionalProperties": false, "required": ["pattern"], "properties": {
                "pattern": { "type": "string", "minLength": 1, "maxLength": 1000 },
                "zones": { "$ref": "#/$defs/zones" },
                "caseSensitive": { "type": "boolean", "description": "Default: false." } } } ] }
        """,
        Read);

    private readonly Regex _regex;
    private readonly bool _needsDigit;

    private RegexIs(SourceNode node, SearchZones zones, Regex regex)
        : base(node, zones)
    {
        _regex = regex;
        _needsDigit = RegexGate.NeedsDigit(regex.ToString());
    }

    public override string Operator => Definition.Name;

    public override string Says => $"the pattern `{_regex}` matches{ZoneWords.Say(Zones)}";

    internal override int Cost => 20;

    /// <summary>Adds at most one place more than evidence keeps: looking for the end of each of many matches would not be linear.</summary>
    internal override void Find(Facts facts, List<Occurrence> into)
    {
        for (var part = 0; part < facts.Parts.Count; part++)
        {
            var words = facts.Parts[part].Text;
            if (part > 0)
            {
                if ((facts.Parts[part].Zone & Zones) != 0)
                {
                    Find(words.Original, part, new TextSpan(0, words.Original.Length), into);
                }
                continue;
            }
            if ((Zones & SearchZones.Text) == SearchZones.Text)
            {
                Find(words.Original, part, new TextSpan(0, words.Original.Length), into);
                continue;
            }
            var zones = words.ZoneSpans;
            for (var i = 0; i < zones.Count; i++)
            {
                if (((SearchZones)zones[i].Zone & Zones) == 0)
                {
                    continue;
                }
                var start = zones[i].Span.Start;
                while (i + 1 < zones.Count && ((SearchZones)zones[i + 1].Zone & Zones) != 0)
                {
                    i++; // chosen zones next to each other are read as one
                }
                Find(words.Original, part, new TextSpan(start, zones[i].Span.End), into);
            }
        }
    }

    private protected override (bool Enough, string? Value, string? Threshold) Judge(Facts facts, List<Occurrence> found) =>
        (found.Count > 0, facts.Explaining && found.Count > 0 ? Options.Count(found.Count, "place") : null, null);

    private void Find(string words, int part, TextSpan span, List<Occurrence> into)
    {
        if (_needsDigit && !words.AsSpan(span.Start, span.Length).ContainsAnyInRange('0', '9'))
        {
            return;
        }
        foreach (var match in _regex.EnumerateMatches(words.AsSpan(span.Start, span.Length)))
        {
            if (match.Length > 0)
            {
                into.Add(new Occurrence(part, new TextSpan(span.Start + match.Index, span.Start + match.Index + match.Length)));
                if (into.Count > Evidence.Most)
                {
                    return;
                }
            }
        }
    }

    private static RegexIs? Read(SourceNode value, SourceObject node, ConditionContext context)
    {
        if (value is SourceString)
        {
            return new FieldReader(node, context.Diagnostics, Definition.Name).TextNode(Definition.Name) is { } single && RegexPattern.Read(single, false, context) is { } plain
                ? new RegexIs(node, SearchZones.Authored, plain)
                : null;
        }
        if (Options.Object(value, Definition.Name, "a pattern, or an object with \"pattern\"", context, "pattern", "zones", "caseSensitive") is not { } fields)
        {
            return null;
        }
        var zones = ZoneWords.Read(fields, context);
        var caseSensitive = fields.Boolean("caseSensitive") ?? false;
        return fields.TextNode("pattern", required: true) is { } pattern && RegexPattern.Read(pattern, caseSensitive, context) is { } regex && zones is { } inZones
            ? new RegexIs(node, inZones, regex)
            : null;
    }
}
