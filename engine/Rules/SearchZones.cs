using Surveillance.Rules.Source;
using Surveillance.Text;

namespace Surveillance.Rules;

/// <summary>Where a condition looks for words: the zones of the text (<see cref="Zones"/>) and the other parts of a message.</summary>
[Flags]
internal enum SearchZones
{
    None = 0,
    Authored = Zones.Authored,
    Quoted = Zones.Quoted,
    Signature = Zones.Signature,
    Disclaimer = Zones.Disclaimer,
    Forwarded = Zones.Forwarded,
    Text = Zones.All,
    Subject = 32,
    AttachmentName = 64,
    AttachmentText = 128,
    All = Text | Subject | AttachmentName | AttachmentText,
}

/// <summary>The words of rule files for <see cref="SearchZones"/>.</summary>
internal static class ZoneWords
{
    /// <summary>Word and zone, in the order in which people are shown them.</summary>
    internal static readonly IReadOnlyList<(string Word, SearchZones Zone)> All =
    [
        ("authored", SearchZones.Authored), ("quoted", SearchZones.Quoted), ("signature", SearchZones.Signature), ("disclaimer", SearchZones.Disclaimer),
        ("forwarded", SearchZones.Forwarded), ("subject", SearchZones.Subject), ("attachmentName", SearchZones.AttachmentName),
        ("attachmentText", SearchZones.AttachmentText), ("all", SearchZones.All),
    ];

    /// <summary>The zones of an option <c>zones</c>: authored where it is left out, null after an error.</summary>
    internal static SearchZones? Read(FieldReader fields, ConditionContext context)
    {
        if (fields.Node("zones") is null)
        {
            return SearchZones.Authored;
        }
        return Options.SomeOf(fields, "zones", [.. All.Select(z => z.Word)], context) is { } words
            ? words.Aggregate(SearchZones.None, (zones, word) => zones | All.First(z => z.Word == word).Zone)
            : null;
    }

    /// <summary>The zones in words for a sentence, with a blank in front; empty for authored alone.</summary>
    internal static string Say(SearchZones zones)
    {
        if (zones == SearchZones.Authored)
        {
            return "";
        }
        if (zones == SearchZones.All)
        {
            return " anywhere in the message";
        }
        return " in " + Options.Join([.. All.Where(z => z.Zone != SearchZones.All && zones.HasFlag(z.Zone)).Select(z => z.Zone switch
        {
            SearchZones.Authored => "the sender's own words",
            SearchZones.Quoted => "quoted words",
            SearchZones.Signature => "the signature",
            SearchZones.Disclaimer => "the disclaimer",
            SearchZones.Forwarded => "forwarded words",
            SearchZones.Subject => "the subject",
            SearchZones.AttachmentName => "a file name",
            _ => "the text of a file",
        })], "or");
    }
}
