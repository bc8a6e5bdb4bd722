namespace Surveillance.Detection.Pii.Readers;

/// <summary>Addresses of the Internet protocol.</summary>
internal static class IpAddresses
{
    /// <summary>IPv4 and IPv6 addresses; a network prefix when nothing is set behind its length, as in <c>192.0.2.0/24</c>.</summary>
    /// <remarks>Source: RFC 791, RFC 4291, 2.2 and 2.3 (text forms), RFC 1918 and RFC 6890 (reserved ranges).</remarks>
    internal static readonly Recogniser IpAddress = new(
        new Shape(Anchor.Colon, 2, 45), Check.None, Near: WordGroup.Network, Not: WordGroup.Version | WordGroup.Order)
    {
        Bands = new(Passed: 75, Weak: 40, Near: 20, Not: 50),
    };

    /// <summary>Finds the dotted quads of a cluster of digits.</summary>
    /// <param name="scan">Where they go.</param>
    /// <param name="cluster">The digits.</param>
    internal static void FindV4(PiiScan scan, NumberCluster cluster)
    {
        var groups = cluster.Groups;
        for (var first = 0; first + 3 < groups.Length;)
        {
            var last = first;
            while (last + 1 < groups.Length && groups[last + 1].Start == groups[last].End + 1 && cluster.Text[groups[last].End] == '.') { last++; }
            if (last - first == 3) { ReadV4(scan, cluster, first); }
            first = last + 1;
        }
    }

    private static void ReadV4(PiiScan scan, NumberCluster cluster, int first)
    {
        var groups = cluster.Groups;
        var text = cluster.Text;
        int start = groups[first].Start, end = groups[first + 3].End;
        var before = cluster.At(start - 1);
        var after = cluster.At(end);
        // Part of a longer token: text1.2.3.4, 1.2.3.4.com, 1.2.3.4-rc1, and the tail of an IPv6 address.
        if (NumberCluster.Sticks(before) || before is '.' or '$' or '-' || NumberCluster.Sticks(after)
            || (before == ':' && (cluster.At(start - 2) == ':' || IsHex(cluster.At(start - 2))) && IsInsideV6(text, start))
            || (after is '.' or '-' && NumberCluster.Sticks(cluster.At(end + 1))))
        {
            return;
        }
        uint address = 0;
        bool padded = false, small = true;
        for (var i = first; i < first + 4; i++)
        {
            if (groups[i].Length > 3) { return; }
            var value = int.Parse(text[groups[i].Start..groups[i].End], System.Globalization.CultureInfo.InvariantCulture);
            if (value > 255) { return; }
            padded |= groups[i].Length > 1 && text[groups[i].Start] == '0';
            small &= value < 20;
            address = (address << 8) | (uint)value;
        }
        var context = scan.ContextOf(start, end, IpAddress.Near | IpAddress.Not);
        var confidence = padded || (small && address != 0) ? IpAddress.Bands.Weak : IpAddress.Bands.Passed;
        if (IsPrivate(address)) { confidence = Math.Max(confidence, 85); }
        if ((context.Before & IpAddress.Not) != 0 && (context.Before & IpAddress.Near) == 0) { confidence -= IpAddress.Bands.Not; }
        else if ((context.All & IpAddress.Near) != 0) { confidence += IpAddress.Bands.Near; }
        if (PrefixLength(text, end, 32, out var length, out var prefixEnd) && (length == 32 || (address & (uint.MaxValue >> length)) == 0))
        {
            end = prefixEnd;
            confidence = Math.Max(confidence, 85);
        }
        scan.Add(start, end, PiiTypes.IpAddress, confidence, validated: false);
    }

    private static bool IsPrivate(uint address) =>
        address >> 24 is 10 or 127 || address >> 16 == 0xC0A8 || address >> 20 == 0xAC1 || address >> 16 == 0xA9FE || address == 0 || address == uint.MaxValue;

    private static bool IsInsideV6(ReadOnlySpan<char> text, int start)
    {
        var colons = 0;
        for (var i = start - 1; i >= 0 && start - i < 40 && (IsHex(text[i]) || text[i] == ':'); i--)
        {
            if (text[i] == ':') { colons++; }
        }
        return colons >= 2;
    }

    /// <summary>Reads the IPv6 address around a colon.</summary>
    /// <param name="scan">Where it goes.</param>
    /// <param name="colon">Folded offset of the colon.</param>
    /// <returns>The offset up to which no other colon needs a look.</returns>
    internal static int ReadV6(PiiScan scan, int colon)
    {
        var text = scan.Text.Folded;
        int start = colon, end = colon;
        while (start > 0 && colon - start < 48 && IsTokenOfV6(text[start - 1])) { start--; }
        while (end < text.Length && end - start < 96 && IsTokenOfV6(text[end])) { end++; }
        var after = end;
        if (end < text.Length && IsTokenOfV6(text[end]) || (start > 0 && IsTokenOfV6(text[start - 1])))
        {
            return SkipToken(text, end); // too long for an address
        }
        var token = text[start..end];
        if (token.Count(':') < 2) { return after; }
        if (start > 0 && NumberCluster.Sticks(text[start - 1]) || (end < text.Length && NumberCluster.Sticks(text[end])))
        {
            return after;
        }
        // A label in front: "ip:2001:db8::1", and the full stop of the sentence behind.
        var label = token.IndexOf(':');
        if (label >= 0 && !(label + 1 < token.Length && token[label + 1] == ':') && (label == 0 || (label > 1 && token[..label].IndexOfAnyExceptInRange('a', 'z') < 0 && (label > 4 || token[..label].IndexOfAnyExceptInRange('a', 'f') >= 0))))
        {
            start += label + 1;
            token = text[start..end];
        }
        while (token.Length > 0 && (token[^1] == '.' || (token[^1] == ':' && (token.Length < 2 || token[^2] != ':'))))
        {
            end--;
            token = text[start..end];
        }
        Span<byte> bytes = stackalloc byte[16];
        if (!TryParse(token, bytes, out var groups)) { return after; }
        var digits = token.ContainsAnyInRange('0', '9');
        var context = scan.ContextOf(start, end, WordGroup.Network | WordGroup.Ipv6);
        var confidence = groups >= 3 && (digits || groups >= 4) ? 92
            : groups == 0 ? 10
            : IsRatio(token) ? 40
            : digits ? 60
            : 25;
        if ((context.All & WordGroup.Ipv6) != 0) { confidence += groups == 0 ? 55 : 30; }
        else if (groups > 0 && (context.All & WordGroup.Network) != 0) { confidence += 20; }
        if (PrefixLength(text, end, 128, out var length, out var prefixEnd) && IsZeroBehind(bytes, length))
        {
            end = prefixEnd;
            confidence += 15;
            after = Math.Max(after, end);
        }
        scan.Add(start, end, PiiTypes.IpAddress, confidence, validated: false);
        return after;
    }

    /// <summary>Whether two small numbers are all there is: 1::2 is a split of shares as well.</summary>
    private static bool IsRatio(ReadOnlySpan<char> token)
    {
        var colons = token.IndexOf("::");
        return colons is 1 or 2 && token.Length - colons is 3 or 4 && !token.ContainsAnyExceptInRange('0', ':');
    }

    private static int SkipToken(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && IsTokenOfV6(text[from])) { from++; }
        return from;
    }

    private static bool IsHex(char c) => c is >= '0' and <= '9' or >= 'a' and <= 'f';

    private static bool IsTokenOfV6(char c) => char.IsAsciiLetterOrDigit(c) || c is ':' or '.' or '_';

    /// <summary>Reads the text forms of RFC 4291, 2.2.</summary>
    /// <param name="text">The address alone, small letters.</param>
    /// <param name="bytes">Room for 16 bytes, all zero.</param>
    /// <param name="groups">How many groups are written out; the dotted tail counts as two.</param>
    private static bool TryParse(ReadOnlySpan<char> text, Span<byte> bytes, out int groups)
    {
        groups = 0;
        int gap = -1, n = 0, i = 0;
        if (text.StartsWith("::"))
        {
            gap = 0;
            i = 2;
        }
        while (i < text.Length)
        {
            if (n == 16) { return false; }
            var start = i;
            while (i < text.Length && IsHex(text[i])) { i++; }
            if (i < text.Length && text[i] == '.')
            {
                if (n > 12 || !TryParseV4(text[start..], bytes[n..])) { return false; }
                n += 4;
                groups += 2;
                i = text.Length;
                break;
            }
            if (i == start || i - start > 4) { return false; }
            var value = int.Parse(text[start..i], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
            bytes[n++] = (byte)(value >> 8);
            bytes[n++] = (byte)value;
            groups++;
            if (i == text.Length) { break; }
            if (text[i] != ':') { return false; }
            i++;
            if (i < text.Length && text[i] == ':')
            {
                if (gap >= 0) { return false; }
                gap = n;
                i++;
            }
            else if (i == text.Length)
            {
                return false;
            }
        }
        if (gap < 0) { return n == 16; }
        if (n > 14) { return false; }
        bytes[gap..n].CopyTo(bytes[(16 - (n - gap))..]);
        bytes[gap..(16 - (n - gap))].Clear();
        return true;
    }

    private static bool TryParseV4(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int n = 0, i = 0;
        while (n < 4)
        {
            var start = i;
            while (i < text.Length && char.IsAsciiDigit(text[i])) { i++; }
            if (i == start || i - start > 3 || !byte.TryParse(text[start..i], System.Globalization.CultureInfo.InvariantCulture, out bytes[n++])) { return false; }
            if (n == 4) { return i == text.Length; }
            if (i == text.Length || text[i] != '.') { return false; }
            i++;
        }
        return false;
    }

    /// <summary>Whether a prefix length follows: a slash and a number up to a bound.</summary>
    private static bool PrefixLength(ReadOnlySpan<char> text, int at, int most, out int length, out int end)
    {
        length = 0;
        end = at + 1;
        if (at >= text.Length || text[at] != '/') { return false; }
        while (end < text.Length && end - at <= 3 && char.IsAsciiDigit(text[end])) { length = length * 10 + (text[end++] - '0'); }
        return end > at + 1 && length <= most && !(end < text.Length && (NumberCluster.Sticks(text[end]) || (text[end] is '/' or '.' && end + 1 < text.Length && NumberCluster.Sticks(text[end + 1]))));
    }

    private static bool IsZeroBehind(ReadOnlySpan<byte> bytes, int length)
    {
        for (var bit = length; bit < 128; bit++)
        {
            if ((bytes[bit >> 3] & (0x80 >> (bit & 7))) != 0) { return false; }
        }
        return true;
    }
}
