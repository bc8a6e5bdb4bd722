using Surveillance.Detection.Pii.Checks;

namespace Surveillance.Detection.Pii.Readers;

/// <summary>Keys and coin addresses longer than a form may be: a prefix, then so many characters of one alphabet.</summary>
internal static class LongTokens
{
    private const int Sure = 97;

    /// <param name="Prefix">Small letters, as folded.</param>
    /// <param name="Type">Name of the type.</param>
    /// <param name="Shortest">Fewest characters behind the prefix.</param>
    /// <param name="Most">Most characters behind the prefix.</param>
    /// <param name="Also">What may stand there beside letters and digits.</param>
    /// <param name="Alphabet">Whether a letter or digit may stand there.</param>
    /// <param name="Stop">Where a full stop stands behind the prefix, or -1.</param>
    private sealed record Kind(string Prefix, string Type, int Shortest, int Most, string Also, Func<char, bool> Alphabet, int Stop = -1)
    {
        internal int Index { get; } = PiiTypes.IndexOf(Type);
    }

    private static readonly Kind[] Kinds =
    [
        new("github_pat_", "github-token", 82, 82, "_", char.IsAsciiLetterOrDigit),
        new("dop_v1_", "digitalocean-token", 64, 64, "", char.IsAsciiHexDigitLower),
        new("doo_v1_", "digitalocean-token", 64, 64, "", char.IsAsciiHexDigitLower),
        new("dor_v1_", "digitalocean-token", 64, 64, "", char.IsAsciiHexDigitLower),
        new("sk-ant-", "openai-key", 51, 140, "-_", char.IsAsciiLetterOrDigit),
        new("sk-proj-", "openai-key", 51, 200, "-_", char.IsAsciiLetterOrDigit),
        new("sk-svcacct-", "openai-key", 40, 200, "-_", char.IsAsciiLetterOrDigit),
        new("sg.", "sendgrid-key", 66, 66, ".-_", char.IsAsciiLetterOrDigit, Stop: 22),
        new("hf_", "huggingface-token", 34, 34, "", char.IsAsciiLetterOrDigit),
        new("pypi-ageichlwas5vcmc", "pypi-token", 50, 200, "-_", char.IsAsciiLetterOrDigit),
        new("addr1", "cardano-address", 53, 98, "", char.IsAsciiLetterOrDigit),
    ];

    private static readonly int Monero = PiiTypes.IndexOf("monero-address");
    private static readonly int Cardano = PiiTypes.IndexOf("cardano-address");

    /// <summary>Whether a value may begin with a character.</summary>
    /// <param name="c">A folded character.</param>
    internal static bool MayBegin(char c) => c is 'g' or 'd' or 's' or 'p' or 'a' or 'h';

    /// <summary>Reads the key or address that begins at a token.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="start">Folded offset of its first character.</param>
    internal static void Read(PiiScan scan, int start)
    {
        var text = scan.Text.Folded;
        if (!Boundary.MayBegin(text, start)) { return; }
        foreach (var kind in Kinds)
        {
            if (!text[start..].StartsWith(kind.Prefix)) { continue; }
            var end = start + kind.Prefix.Length;
            var from = end;
            bool digits = false, letters = false, capitals = false;
            while (end < text.Length && end - from <= kind.Most && (kind.Alphabet(text[end]) || kind.Also.Contains(text[end])))
            {
                digits |= char.IsAsciiDigit(text[end]);
                letters |= char.IsAsciiLetter(text[end]);
                capitals |= char.IsAsciiLetterUpper(scan.OriginalAt(end));
                end++;
            }
            if (end - from < kind.Shortest || end - from > kind.Most || !letters || !(digits || capitals) || !Boundary.MayEnd(text, end)) { return; }
            if (kind.Stop >= 0 && (text[from + kind.Stop] != '.' || text[from..end].Count('.') > 1)) { return; }
            if (kind.Index == Cardano && !Coins.Bech32(text[start..end])) { return; }
            scan.Add(start, end, kind.Index, Sure, validated: kind.Index == Cardano);
            return;
        }
    }

    /// <summary>Reads the Monero address that begins at a token: 95 or 106 characters, with its checksum.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="start">Folded offset of its first character.</param>
    /// <param name="end">Folded offset after its last character.</param>
    internal static void ReadMonero(PiiScan scan, int start, int end)
    {
        Span<char> value = stackalloc char[106];
        if (end - start > value.Length || !Boundary.MayBegin(scan.Text.Folded, start) || !Boundary.MayEnd(scan.Text.Folded, end)) { return; }
        for (var i = start; i < end; i++) { value[i - start] = scan.OriginalAt(i); }
        if (Coins.Monero(value[..(end - start)])) { scan.Add(start, end, Monero, Sure, validated: true); }
    }
}
