using System.Buffers;

namespace Surveillance.Text;

/// <summary>Tells whose words each stretch of a text is: authored, quoted, signature, disclaimer or forwarded.</summary>
/// <remarks>
/// Conservative: what no mark gives away is authored, and so is a chat line. Lines are judged by at most their first
/// <see cref="Window"/> folded characters, so that hostile input costs linear time.
/// </remarks>
internal static class ZoneFinder
{
    /// <summary>How much of a line is looked at; longer lines are never marks.</summary>
    internal const int Window = 320;

    /// <summary>The zones in order, without gaps, covering the whole text; linear time.</summary>
    /// <param name="text">A text as captured.</param>
    internal static ZonedSpan[] Find(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }
        if (text.Length < 40 && !text.Contains('\n') && !text.AsSpan().TrimStart().StartsWith('>'))
        {
            return [new ZonedSpan(new TextSpan(0, text.Length), Zones.Authored)];
        }
        return new ZoneScan(text).Run();
    }
}

/// <summary>One text on its way to its zones.</summary>
internal sealed class ZoneScan
{
    private readonly string _text;
    private readonly List<Line> _lines = [];
    private readonly Zones[] _zones;
    private readonly List<TextSpan> _disclaimers = [];
    private int _quotedLines;

    /// <param name="Start">Offset of the first unit.</param>
    /// <param name="End">Offset after the last unit, without line break and trailing carriage return.</param>
    /// <param name="Blank">Whether nothing stands in it.</param>
    private readonly record struct Line(int Start, int End, bool Blank);

    internal ZoneScan(string text)
    {
        _text = text;
        for (var start = 0; start <= text.Length;)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length + 1 : end + 1;
            end = end < 0 ? text.Length : end;
            if (end > start && text[end - 1] == '\r') { end--; }
            _lines.Add(new Line(start, end, IsBlank(text.AsSpan(start, end - start))));
            start = next;
        }
        _zones = new Zones[_lines.Count];
        Array.Fill(_zones, Zones.Authored);
    }

    private static bool IsBlank(ReadOnlySpan<char> line)
    {
        foreach (var c in line)
        {
            if (Folding.Map[c] is not (Folding.Dropped or ' ' or '\n')) { return false; }
        }
        return true;
    }

    internal ZonedSpan[] Run()
    {
        foreach (var line in _lines)
        {
            if (!line.Blank && IsQuoteMark(line)) { _quotedLines++; }
        }
        FindRepeatedMails();
        for (var i = 0; i < _lines.Count;)
        {
            if (_zones[i] != Zones.Authored) { i++; continue; }
            var end = i;
            while (end < _lines.Count && _zones[end] == Zones.Authored) { end++; }
            FindBoilerplate(i, end);
            i = end;
        }
        for (var i = 1; i < _lines.Count; i++)
        {
            if (_lines[i].Blank && _zones[i] == Zones.Authored) { _zones[i] = _zones[i - 1]; }
        }
        return Merge();
    }

    // Quotes and forwards -----------------------------------------------------------------------------------------

    private void FindRepeatedMails()
    {
        var authored = false; // whether somebody wrote above
        for (var i = 0; i < _lines.Count;)
        {
            if (_lines[i].Blank) { i++; continue; }
            if (IsQuote(i))
            {
                i = PaintQuotes(i, QuoteZone(i));
                continue;
            }
            if (FindMark(i, authored, out var after, out var zone))
            {
                Paint(i, after, zone);
                var next = after;
                while (next < _lines.Count && _lines[next].Blank) { next++; }
                if (next < _lines.Count && IsQuote(next))
                {
                    Paint(after, next, zone);
                    i = PaintQuotes(next, zone);
                    continue;
                }
                Paint(after, _lines.Count, zone);
                return;
            }
            authored = true;
            i++;
        }
    }

    private void Paint(int first, int end, Zones zone) => Array.Fill(_zones, zone, first, end - first);

    /// <summary>Paints the lines that begin with a quotation mark, and the blank ones between them; gives the line after them.</summary>
    private int PaintQuotes(int first, Zones zone)
    {
        var end = first + 1;
        for (var i = first + 1; i < _lines.Count; i++)
        {
            if (_lines[i].Blank) { continue; }
            if (!IsQuoteMark(_lines[i])) { break; }
            end = i + 1;
        }
        Paint(first, end, zone);
        return end;
    }

    private static readonly SearchValues<char> NotAfterQuoteMark = SearchValues.Create("=:;_.-<^(0123456789$€£");

    private bool IsQuoteMark(Line line)
    {
        var content = _text.AsSpan(line.Start, Math.Min(line.End - line.Start, 8)).TrimStart(" \t\uFEFF");
        return content.Length > 0 && content[0] is '>' or '＞';
    }

    /// <summary>Whether the line is a quotation; <c>&gt; 5 million</c> and <c>&gt;:(</c> alone are not.</summary>
    private bool IsQuote(int i)
    {
        if (!IsQuoteMark(_lines[i])) { return false; }
        if (_quotedLines > 1) { return true; }
        var rest = _text.AsSpan(_lines[i].Start, _lines[i].End - _lines[i].Start).TrimStart(" \t\uFEFF")[1..].TrimStart(' ');
        return rest.Length > 0 && !NotAfterQuoteMark.Contains(rest[0]);
    }

    /// <summary>What the quoted lines are: a forward when its line stands among the first of them.</summary>
    private Zones QuoteZone(int first)
    {
        Span<char> buffer = stackalloc char[ZoneFinder.Window];
        for (int i = first, seen = 0; i < _lines.Count && seen < 3 && (_lines[i].Blank || IsQuoteMark(_lines[i])); i++)
        {
            var line = FoldLine(_lines[i], buffer).TrimStart("> ");
            if (line.Length == 0) { continue; }
            seen++;
            if (SeparatorZone(line) == Zones.Forwarded) { return Zones.Forwarded; }
        }
        return Zones.Quoted;
    }

    /// <summary>Whether a repeated mail begins at a line: a separator, a block of header lines, or the line above a quote.</summary>
    private bool FindMark(int i, bool authored, out int after, out Zones zone)
    {
        after = i + 1;
        zone = Zones.Quoted;
        Span<char> buffer = stackalloc char[ZoneFinder.Window];
        var line = FoldLine(_lines[i], buffer);
        if (line.Length == 0) { return false; }
        if (SeparatorZone(line) is not Zones.None and var separated)
        {
            zone = separated;
            return true;
        }
        if (line.Length >= 5 && line.IndexOfAnyExcept('_', '-', ' ') < 0 && line.Contains("___", StringComparison.Ordinal) | line.Contains("-----", StringComparison.Ordinal))
        {
            var below = i + 1;
            while (below < _lines.Count && _lines[below].Blank) { below++; }
            if (below < _lines.Count && IsHeaderBlock(below, 2, out after))
            {
                zone = authored ? Zones.Quoted : Zones.Forwarded;
                return true;
            }
            return false;
        }
        if (IsHeaderBlock(i, 3, out after))
        {
            zone = authored ? Zones.Quoted : Zones.Forwarded;
            return true;
        }
        return IsAttribution(i, out after);
    }

    /// <summary>What a separator line announces, or none.</summary>
    private static Zones SeparatorZone(ReadOnlySpan<char> line)
    {
        if (line[0] is '-' or '*' or '_')
        {
            var inner = line.TrimStart("-*_ ");
            if (line.Length - inner.Length < 3 || inner.Length == 0) { return Zones.None; }
            foreach (var phrase in ZoneWords.Forwarded)
            {
                if (inner.StartsWith(phrase, StringComparison.Ordinal)) { return Zones.Forwarded; }
            }
            foreach (var phrase in ZoneWords.Original)
            {
                if (inner.StartsWith(phrase, StringComparison.Ordinal)) { return Zones.Quoted; }
            }
            return Zones.None;
        }
        if (line[^1] is ':' or '：')
        {
            var inner = line[..^1].TrimEnd(' ');
            foreach (var phrase in ZoneWords.BeginForwarded)
            {
                if (inner.Equals(phrase, StringComparison.Ordinal)) { return Zones.Forwarded; }
            }
        }
        return Zones.None;
    }

    /// <summary>Whether header lines of a mail begin here: a sender and a subject, or a sender with an address.</summary>
    private bool IsHeaderBlock(int first, int fewest, out int after)
    {
        after = first + 1;
        Span<char> buffer = stackalloc char[ZoneFinder.Window];
        var seen = HeaderField.None;
        var address = false;
        var folds = 0;
        for (var i = first; i < _lines.Count && i < first + 24; i++)
        {
            if (_lines[i].Blank) { break; }
            var line = FoldLine(_lines[i], buffer);
            var field = FieldOf(line);
            if (field == HeaderField.None)
            {
                // A long list of recipients is continued on lines of its own, each ending in the separator or holding addresses.
                if (i == first || ++folds > 8 || !(line.Contains('@') || line[^1] is ';' or ',')) { break; }
            }
            seen |= field;
            address |= line.Contains('@');
            after = i + 1;
        }
        var count = System.Numerics.BitOperations.PopCount((uint)seen);
        return count >= fewest && seen.HasFlag(HeaderField.From) && (address || (seen.HasFlag(HeaderField.Subject) && (seen & (HeaderField.Sent | HeaderField.To)) != 0));
    }

    private static HeaderField FieldOf(ReadOnlySpan<char> line)
    {
        line = line.TrimStart("*> ");
        var colon = line[..Math.Min(line.Length, 28)].IndexOfAny(':', '：');
        if (colon <= 0) { return HeaderField.None; }
        return ZoneWords.Headers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(line[..colon].Trim("* "), out var field) ? field : HeaderField.None;
    }

    /// <summary>Whether the line above a quote begins here, which may be wrapped over three lines: <c>On … wrote:</c>.</summary>
    private bool IsAttribution(int first, out int after)
    {
        after = first + 1;
        Span<char> joined = stackalloc char[ZoneFinder.Window];
        var length = 0;
        for (var i = first; i < _lines.Count && i < first + 3 && !_lines[i].Blank; i++)
        {
            if (_lines[i].End - _lines[i].Start > ZoneFinder.Window - length - 2) { return false; }
            if (length > 0) { joined[length++] = ' '; }
            length += FoldLine(_lines[i], joined[length..]).Length;
            var text = joined[..length].TrimEnd(' ');
            if (i == first && text.Length > 0 && !IsOpened(text) && !text.Contains('@'))
            {
                // Not the first line of a wrapped one.
                if (text.Length <= 8 || text[^1] is not (':' or '：')) { return false; }
            }
            if (text.Length > 8 && text[^1] is ':' or '：')
            {
                after = i + 1;
                return IsAttributionText(text[..^1].TrimEnd(' '), QuoteFollows(after));
            }
        }
        return false;
    }

    private static bool IsOpened(ReadOnlySpan<char> text) => char.IsAsciiDigit(text[0]) || StartsWithWord(text, ZoneWords.AttributionStarts);

    private bool QuoteFollows(int i)
    {
        while (i < _lines.Count && _lines[i].Blank) { i++; }
        return i < _lines.Count && IsQuoteMark(_lines[i]);
    }

    private static bool IsAttributionText(ReadOnlySpan<char> text, bool quoteFollows)
    {
        var digits = text.ContainsAnyInRange('0', '9');
        var address = text.Contains('@');
        if (!digits && !address && !quoteFollows) { return false; }
        var opened = IsOpened(text);
        foreach (var verb in ZoneWords.AttributionEnds)
        {
            if (text.EndsWith(verb, StringComparison.Ordinal) && text.Length > verb.Length
                && (Folding.IsUnspaced(verb[0]) || !char.IsLetterOrDigit(text[^(verb.Length + 1)])))
            {
                return address || quoteFollows || (opened && digits && !StartsWithClause(text));
            }
        }
        if (opened && digits)
        {
            foreach (var verb in ZoneWords.AttributionMiddles)
            {
                var at = text.IndexOf(verb, StringComparison.Ordinal);
                if (at > 0 && text[at - 1] == ' ' && at + verb.Length < text.Length && text[at + verb.Length] == ' ')
                {
                    return address || text.Length - at - verb.Length <= 40;
                }
            }
        }
        // "2021年11月3日(水) 15:51 Name <address>:" and "03.11.2021, 15:51, Name <address>:"
        return address && digits && opened && text[^1] == '>' && text.Contains(':');
    }

    /// <summary>Whether a number opens a sentence and not a date: <c>12 people wrote:</c>.</summary>
    private static bool StartsWithClause(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiDigit(text[0])) { return false; }
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 || text[end] == ' ';
    }

    private static bool StartsWithWord(ReadOnlySpan<char> text, string[] words)
    {
        foreach (var word in words)
        {
            if (text.StartsWith(word, StringComparison.Ordinal)
                && (text.Length == word.Length || Folding.IsUnspaced(word[0]) || text[word.Length] is ' ' or ','))
            {
                return true;
            }
        }
        return false;
    }

    // Signatures and boilerplate ----------------------------------------------------------------------------------

    private void FindBoilerplate(int first, int end)
    {
        var words = 0; // lines that hold something
        for (var i = first; i < end; i++)
        {
            if (!_lines[i].Blank) { words++; }
        }
        if (words == 0) { return; }
        var last = FindDisclaimers(first, end);
        if (words > 1)
        {
            FindSignature(first, last);
        }
    }

    /// <summary>Marks the disclaimers among the paragraphs; gives the line after the last one that is wholly authored.</summary>
    private int FindDisclaimers(int first, int end)
    {
        var last = end;
        var trailing = true;
        for (var stop = end; stop > first;)
        {
            while (stop > first && _lines[stop - 1].Blank) { stop--; }
            var start = stop;
            while (start > first && !_lines[start - 1].Blank) { start--; }
            if (start == stop) { break; }
            var from = DisclaimerStart(_lines[start].Start, _lines[stop - 1].End, start == first || OnlyBlank(first, start));
            if (from >= 0)
            {
                var below = stop;
                while (below < end && _lines[below].Blank) { below++; }
                _disclaimers.Add(new TextSpan(from, below < _lines.Count ? _lines[below].Start : _text.Length));
                if (trailing) { last = LineAt(from, start, stop); }
            }
            else
            {
                trailing = false;
            }
            stop = start;
        }
        FindListFooter(first, ref last);
        return last;
    }

    private bool OnlyBlank(int first, int end)
    {
        for (var i = first; i < end; i++)
        {
            if (!_lines[i].Blank) { return false; }
        }
        return true;
    }

    /// <summary>The first line that belongs to a stretch from an offset on, if that offset begins it, else the one after.</summary>
    private int LineAt(int offset, int first, int end)
    {
        var i = first;
        while (i < end && _lines[i].Start < offset) { i++; }
        return i;
    }

    /// <summary>A line of underscores with a few short lines to the end: the footer of a mailing list.</summary>
    private void FindListFooter(int first, ref int end)
    {
        for (var i = end - 1; i > first && i >= end - 8; i--)
        {
            var line = _text.AsSpan(_lines[i].Start, _lines[i].End - _lines[i].Start).Trim();
            if (line.Length >= 20 && line.IndexOfAnyExcept('_') < 0)
            {
                if (i + 1 < end && (first > 0 || !OnlyBlank(first, i)))
                {
                    _disclaimers.Add(new TextSpan(_lines[i].Start, _lines[end - 1].End));
                    end = i;
                }
                return;
            }
            if (line.Length > 120) { return; }
        }
    }

    /// <summary>Where the disclaimer of a paragraph begins, at the start of a sentence; negative when it has none.</summary>
    private int DisclaimerStart(int start, int end, bool opening)
    {
        if (end - start < 20) { return -1; }
        var rented = ArrayPool<char>.Shared.Rent((end - start) * 3);
        var offsets = ArrayPool<int>.Shared.Rent((end - start) * 3);
        try
        {
            var folded = FoldParagraph(start, end, rented, offsets);
            var at = folded.IndexOfAny(ZoneWords.Disclaimers);
            var weak = folded.IndexOfAny(ZoneWords.WeakDisclaimers);
            if (weak >= 0 && folded[(weak + 8)..].IndexOfAny(ZoneWords.WeakDisclaimers) >= 0 && (at < 0 || weak < at))
            {
                at = weak;
            }
            if (at < 0 && !opening)
            {
                at = folded.IndexOfAny(ZoneWords.BulkFooters);
                if (at >= 0 && folded.ContainsAny(ZoneWords.Pleas)) { at = -1; }
            }
            if (at < 0) { return -1; }
            while (at > 0 && !(at >= 2 && folded[at - 1] == ' ' && folded[at - 2] is '.' or '!' or '?' or '。') && !(folded[at - 1] is '。' or '！' or '？'))
            {
                at--;
            }
            return offsets[at];
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
            ArrayPool<int>.Shared.Return(offsets);
        }
    }

    private void FindSignature(int first, int end)
    {
        while (end > first && _lines[end - 1].Blank) { end--; }
        Span<char> buffer = stackalloc char[ZoneFinder.Window];

        // "-- " (RFC 3676, 4.3): everything below it.
        var written = 0;
        for (var i = first; i < end; i++)
        {
            if (_lines[i].Blank) { continue; }
            if (IsSignatureMark(i) && (written > 0 || first > 0) && IsShort(i + 1, end, 12, 100))
            {
                Paint(i, end, Zones.Signature);
                end = i;
                break;
            }
            written++;
        }
        while (end > first && _lines[end - 1].Blank) { end--; }

        // "Sent from my …" on one of the last lines.
        for (int i = end - 1, seen = 0; i > first && seen < 3; i--)
        {
            if (_lines[i].Blank) { continue; }
            seen++;
            if (IsSentFrom(FoldLine(_lines[i], buffer)))
            {
                Paint(i, end, Zones.Signature);
                end = i;
                break;
            }
        }
        while (end > first && _lines[end - 1].Blank) { end--; }
        var begin = ClosingStart(first, end);
        if (begin < 0) { begin = ContactStart(first, end); }
        if (begin >= 0) { Paint(begin, end, Zones.Signature); }
    }

    private bool IsSignatureMark(int i)
    {
        var line = _text.AsSpan(_lines[i].Start, _lines[i].End - _lines[i].Start);
        return line is "-- " or "--" or "--\u00A0" or "—" or "— ";
    }

    /// <summary>Whether the lines are few and short.</summary>
    private bool IsShort(int first, int end, int most, int longest)
    {
        var count = 0;
        for (var i = first; i < end; i++)
        {
            if (_lines[i].Blank) { continue; }
            if (++count > most || _lines[i].End - _lines[i].Start > longest) { return false; }
        }
        return count > 0;
    }

    private static bool IsSentFrom(ReadOnlySpan<char> line)
    {
        if (line.Length is < 6 or > 90) { return false; }
        foreach (var phrase in ZoneWords.SentFrom)
        {
            if (!line.StartsWith(phrase, StringComparison.Ordinal)) { continue; }
            // The device stands within the next words: "Sent from my desk, easier than my mobile phone" is a sentence.
            var rest = line[phrase.Length..];
            var comma = rest.IndexOfAny(",.;!?");
            if (comma >= 0) { rest = rest[..comma]; }
            foreach (var device in ZoneWords.Devices)
            {
                var at = rest.IndexOf(device, StringComparison.Ordinal);
                if (at is >= 0 and <= 24) { return true; }
            }
            if (phrase.EndsWith("gonderildi", StringComparison.Ordinal) || phrase.StartsWith("iphone", StringComparison.Ordinal) || phrase.StartsWith("get ", StringComparison.Ordinal)) { return true; }
        }
        return false;
    }

    /// <summary>The line with the closing words that open the signature, or negative.</summary>
    private int ClosingStart(int first, int end)
    {
        Span<char> buffer = stackalloc char[ZoneFinder.Window];
        for (int i = end - 1, below = 0; i > first && below <= 8; i--)
        {
            if (_lines[i].Blank) { continue; }
            var line = FoldLine(_lines[i], buffer);
            if (below > 0 && IsClosing(line))
            {
                if (!LooksLikeContactBlock(i + 1, end)) { return -1; }
                for (var above = i - 1; above > first && (_lines[above].Blank || IsClosing(FoldLine(_lines[above], buffer))); above--)
                {
                    if (!_lines[above].Blank) { i = above; }
                }
                return OnlyBlank(first, i) ? -1 : i;
            }
            if (_lines[i].End - _lines[i].Start > 100 || line[^1] is '?' or '!' or '？' or '！' || line.StartsWith("p.s", StringComparison.Ordinal) || line.StartsWith("ps ", StringComparison.Ordinal) || line.StartsWith("ps:", StringComparison.Ordinal))
            {
                return -1;
            }
            below++;
        }
        return -1;
    }

    private static bool IsClosing(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd(",.!;:-，。！~ ");
        return line.Length is > 0 and <= 40 && ZoneWords.Closings.GetAlternateLookup<ReadOnlySpan<char>>().Contains(line);
    }

    private static readonly SearchValues<char> ContactSigns = SearchValues.Create("0123456789@|•·");

    /// <summary>Whether a name comes first and nothing after it reads like a sentence.</summary>
    private bool LooksLikeContactBlock(int first, int end)
    {
        Span<char> buffer = stackalloc char[ZoneFinder.Window];
        var named = false;
        for (var i = first; i < end; i++)
        {
            if (_lines[i].Blank) { continue; }
            if (!named)
            {
                if (!IsNameLike(_lines[i])) { return false; }
                named = true;
                continue;
            }
            var line = FoldLine(_lines[i], buffer);
            var words = line.Count(' ') + 1;
            if (words >= 7 && !line.ContainsAny(ContactSigns) && !line.Contains("http", StringComparison.Ordinal)) { return false; }
        }
        return named;
    }

    /// <summary>At most five words, each with a capital or of a script without them, or one single word.</summary>
    private bool IsNameLike(Line line)
    {
        var text = _text.AsSpan(line.Start, line.End - line.Start).Trim().TrimEnd(",.");
        if (text.Length is 0 or > 60) { return false; }
        int words = 0, small = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty) { continue; }
            words++;
            if (char.IsLower(word[0]) && word is not ("von" or "van" or "de" or "der" or "den" or "da" or "di" or "del" or "della" or "la" or "le" or "du" or "dos" or "das" or "bin" or "al" or "ter" or "zu" or "e" or "y" or "and" or "und")) { small++; }
        }
        return words is >= 1 and <= 5 && (small == 0 || words == 1) && !text.ContainsAny("?!？！。");
    }

    /// <summary>The first of the contact lines at the end, or negative: at least two labels with a number or address behind them.</summary>
    private int ContactStart(int first, int end)
    {
        Span<char> buffer = stackalloc char[ZoneFinder.Window];
        int begin = -1, pieces = 0;
        for (int i = end - 1, seen = 0; i > first && seen < 10; i--, seen++)
        {
            if (_lines[i].Blank) { break; }
            if (_lines[i].End - _lines[i].Start > 160) { break; }
            var found = ContactPieces(FoldLine(_lines[i], buffer));
            if (found == 0 && !IsNameLike(_lines[i])) { break; }
            pieces += found;
            begin = i;
        }
        if (pieces < 2 || OnlyBlank(first, begin)) { return -1; }
        var above = begin - 1;
        while (_lines[above].Blank) { above--; }
        return _text[_lines[above].End - 1] is ':' or '：' or ',' ? -1 : begin;
    }

    /// <summary>How many labelled numbers or addresses stand in a folded line.</summary>
    private static int ContactPieces(ReadOnlySpan<char> line)
    {
        var count = 0;
        foreach (var range in line.SplitAny('|', '•', '·', ';', '/', ','))
        {
            var piece = line[range].Trim("* ");
            var cut = piece.IndexOfAny(":： ");
            if (cut <= 0) { continue; }
            if (cut < piece.Length - 1 && piece[cut] == ' ' && piece.IndexOfAny(":：") is > 0 and <= 14 and var colon) { cut = colon; }
            if (!ZoneWords.ContactLabels.GetAlternateLookup<ReadOnlySpan<char>>().Contains(piece[..cut].Trim())) { continue; }
            var value = piece[(cut + 1)..];
            var digits = 0;
            foreach (var c in value)
            {
                if (char.IsAsciiDigit(c)) { digits++; }
            }
            if (digits >= 6 || value.Contains('@') || value.Contains("www.", StringComparison.Ordinal) || value.Contains("http", StringComparison.Ordinal)) { count++; }
        }
        return count;
    }

    // Folding and merging -----------------------------------------------------------------------------------------

    /// <summary>The beginning of a line folded, its blanks single and none at either end.</summary>
    private ReadOnlySpan<char> FoldLine(Line line, Span<char> into)
    {
        var n = 0;
        for (var i = line.Start; i < line.End && n < into.Length; i++)
        {
            n = Put(_text[i], into, n);
        }
        while (n > 0 && into[n - 1] == ' ') { n--; }
        return into[..n];
    }

    private ReadOnlySpan<char> FoldParagraph(int start, int end, char[] into, int[] offsets)
    {
        var n = 0;
        for (var i = start; i < end; i++)
        {
            var before = n;
            n = Put(_text[i], into, n);
            for (; before < n; before++) { offsets[before] = i; }
        }
        return into.AsSpan(0, n);
    }

    private static int Put(char c, Span<char> into, int n)
    {
        var folded = Folding.Map[c];
        switch (folded)
        {
            case Folding.Dropped:
                return n;
            case ' ' or '\n':
                if (n > 0 && into[n - 1] != ' ') { into[n++] = ' '; }
                return n;
            case Folding.Several:
                foreach (var part in Folding.SeveralOf[c])
                {
                    if (n < into.Length) { into[n++] = part; }
                }
                return n;
            default:
                into[n++] = folded;
                return n;
        }
    }

    private ZonedSpan[] Merge()
    {
        _disclaimers.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var spans = new List<ZonedSpan>();
        var next = 0;
        for (var i = 0; i < _lines.Count; i++)
        {
            var start = _lines[i].Start;
            var end = i + 1 < _lines.Count ? _lines[i + 1].Start : _text.Length;
            var zone = _zones[i];
            while (start < end)
            {
                while (next < _disclaimers.Count && _disclaimers[next].End <= start) { next++; }
                if (next == _disclaimers.Count || _disclaimers[next].Start >= end)
                {
                    Add(start, end, zone);
                    break;
                }
                if (_disclaimers[next].Start > start)
                {
                    Add(start, _disclaimers[next].Start, zone);
                    start = _disclaimers[next].Start;
                }
                // The line break behind a disclaimer is its own.
                var stop = _disclaimers[next].End >= _lines[i].End ? end : _disclaimers[next].End;
                Add(start, stop, Zones.Disclaimer);
                start = stop;
            }
        }
        return [.. spans];

        void Add(int start, int end, Zones zone)
        {
            if (spans.Count > 0 && spans[^1].Zone == zone)
            {
                spans[^1] = new ZonedSpan(new TextSpan(spans[^1].Span.Start, end), zone);
            }
            else
            {
                spans.Add(new ZonedSpan(new TextSpan(start, end), zone));
            }
        }
    }
}
