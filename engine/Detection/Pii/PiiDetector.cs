using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Surveillance.Text;

namespace Surveillance.Detection.Pii;

/// <summary>Finds PII in every part of a message: the types of the packs that a policy puts in force.</summary>
/// <remarks>
/// Immutable and thread-safe. A hit's confidence adds up evidence in whole hundredths: checksum or numbering plan, structure,
/// separators, words on both sides. Hits of a part never overlap: an e-mail address owns its domain, a card its digits, a URL its
/// host; what else a hit could be is among its alternatives. Costs linear time in the text, and allocates nothing for a message
/// without hits.
/// </remarks>
public sealed class PiiDetector : IPiiDetector
{
    /// <summary>Hits of this confidence and more are reported where nobody asks for another.</summary>
    public const double DefaultThreshold = 0.5;

    /// <summary>The types that it finds, in the order in which people are shown them.</summary>
    public static IReadOnlyList<string> Types { get; } = [.. PiiTypes.All.Select(t => t.Name)];

    /// <summary>Hits below this are not kept at all.</summary>
    public const double LeastKept = 0.2;

    /// <summary>Raised with every change of the code that can change what is found; the packs themselves are hashed.</summary>
    private const int CodeVersion = 8;

    private const int LeastKeptHundredths = 20;
    private const int NamedParts = 16;
    private static readonly string[] NameParts = [.. Enumerable.Range(0, NamedParts).Select(NamePart)];
    private static readonly string[] TextParts = [.. Enumerable.Range(0, NamedParts).Select(TextPart)];

    [ThreadStatic]
    private static PiiScan? t_scan;

    private readonly bool[] _enabled;

    /// <summary>A detector.</summary>
    /// <param name="policy">The packs in force; null means all.</param>
    public PiiDetector(PiiPolicy? policy = null)
    {
        _enabled = (policy ?? PiiPolicy.Everything).Enabled();
        WarmUp.Once();
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{CodeVersion} {PackReader.Hash} {string.Concat(_enabled.Select(e => e ? '1' : '0'))}"))));
    }

    /// <inheritdoc />
    public string Hash { get; }

    /// <summary>The kinds of data that a type can be, such as <c>financial</c>.</summary>
    public static IReadOnlyList<string> Categories => PiiTypes.Categories;

    /// <summary>The types of a kind.</summary>
    /// <param name="category">One of <see cref="Categories"/>.</param>
    public static IReadOnlyList<string> TypesOf(string category) => [.. PiiTypes.All.Where(t => t.Category == category).Select(t => t.Name)];

    /// <summary>The kind of a type, or null for a name that no pack has.</summary>
    /// <param name="type">Its name.</param>
    public static string? CategoryOf(string type) => PiiTypes.Of(type)?.Category;

    /// <inheritdoc />
    public IReadOnlyList<PiiHit> Detect(PreparedMessage message)
    {
        List<PiiHit>? hits = null;
        var scan = t_scan ??= new PiiScan();
        scan.Begin(message, _enabled);
        Find(scan, message.Text, null, ref hits);
        if (message.Message.Subject is { Length: > 0 })
        {
            Find(scan, message.Part("subject"), "subject", ref hits);
        }
        var attachments = message.Message.Attachments;
        for (var i = 0; i < attachments.Count; i++)
        {
            if (attachments[i].Name is { Length: > 0 })
            {
                var part = i < NamedParts ? NameParts[i] : NamePart(i);
                Find(scan, message.Part(part), part, ref hits);
            }
            if (attachments[i].Text is { Length: > 0 })
            {
                var part = i < NamedParts ? TextParts[i] : TextPart(i);
                Find(scan, message.Part(part), part, ref hits);
            }
        }
        scan.End();
        return (IReadOnlyList<PiiHit>?)hits ?? [];
    }

    private static string NamePart(int i) => string.Create(CultureInfo.InvariantCulture, $"attachments/{i}/name");

    private static string TextPart(int i) => string.Create(CultureInfo.InvariantCulture, $"attachments/{i}/text");

    /// <summary>Appends the hits of one part.</summary>
    internal static void Find(PiiScan scan, PreparedText? text, string? part, ref List<PiiHit>? hits)
    {
        if (text is null)
        {
            return;
        }
        scan.Read(text);
        if (scan.Candidates.Length > 0)
        {
            Resolver.Resolve(scan, part, LeastKeptHundredths, ref hits);
        }
    }
}
