using System.Globalization;
using System.Text;

namespace Surveillance.Rules.Source;

/// <summary>A file as read.</summary>
/// <param name="Root">Its value; null when there is none.</param>
/// <param name="BrokenAt">Offset from which on the nesting is a guess, so that what seems wrong or missing there may not be; null when the whole file is certain.</param>
/// <param name="Unreadable">Stretches that were reported and say nothing.</param>
internal sealed record ParsedSource(SourceNode? Root, int? BrokenAt, IReadOnlyList<SourceSpan> Unreadable)
{
    /// <summary>Whether a finding about the content stands by itself, and does not merely follow from what is no JSON.</summary>
    /// <param name="finding">A finding in this file.</param>
    internal bool Permits(Diagnostic finding)
    {
        if (BrokenAt is { } broken && (finding.Span.End > broken || finding.Severity == DiagnosticSeverity.Warning || finding.Code is "E019" or "E023"))
        {
            return false;
        }
        return !Unreadable.Any(u => u.Start < Math.Max(finding.Span.End, finding.Span.Start + 1) && finding.Span.Start < u.End);
    }
}

/// <summary>Reads JSON (RFC 8259) with the place of everything, reports every independent error of a file and reads on after each.</summary>
/// <remarks>
/// Time and memory are linear in the length of the file. What it accepts without an error is JSON, and it gives the values that any other
/// reader gives; what is no JSON is reported once, and the rest is read as its author most likely meant it.
/// </remarks>
internal sealed class SourceParser
{
    /// <summary>The deepest nesting of objects and lists.</summary>
    internal const int MaxDepth = 64;

    /// <summary>The longest file in UTF-16 units.</summary>
    internal const int MaxLength = 4 * 1024 * 1024;

    private const int MaxErrors = 100;

    private readonly SourceFile _file;
    private readonly string _text;
    private readonly Diagnostics _diagnostics;
    private readonly List<(char Bracket, int Start)> _open = [];
    private readonly List<SourceSpan> _unreadable = [];
    private readonly Dictionary<string, Repeated> _repeated = [];
    private readonly StringBuilder _builder = new();
    private int _at;
    private int? _brokenAt;
    private int _errors;
    private bool _stopped;
    private bool _goesOn;
    private (int Open, int Close)? _suspect;

    private SourceParser(SourceFile file, Diagnostics diagnostics)
    {
        _file = file;
        _text = file.Text;
        _diagnostics = diagnostics;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="diagnostics">Takes the errors.</param>
    internal static ParsedSource Parse(SourceFile file, Diagnostics diagnostics)
    {
        if (file.Text.Length > MaxLength)
        {
            diagnostics.Error("E027", new SourceSpan(file, 0, 0), $"the file has {file.Text.Length} characters, at most {MaxLength} are read", help: "split it");
            return new ParsedSource(null, 0, []);
        }
        return new SourceParser(file, diagnostics).ParseFile();
    }

    private ParsedSource ParseFile()
    {
        if (_text.StartsWith('\uFEFF'))
        {
            Error("E003", 0, 1, "byte order mark (U+FEFF) at the start of the file", "save the file as UTF-8 without a byte order mark");
            _at = 1;
        }
        SkipSpace();
        SourceNode? root = null;
        if (_at == _text.Length)
        {
            Error("E026", _at, _at, "the file is empty", "write one object: `{ … }`");
        }
        else
        {
            root = ReadValue(SourcePath.Root);
            SkipSpace();
            if (_at < _text.Length)
            {
                ReportRest(root);
            }
        }
        foreach (var repeated in _repeated.Values.Where(r => r.Count > 0))
        {
            _diagnostics.Error(repeated.Code, repeated.First, repeated.Message, help: repeated.Count == 1 ? repeated.Help : $"{repeated.Help}; all {repeated.Count} in this file");
        }
        return new ParsedSource(root, _brokenAt, _unreadable);
    }

    private void ReportRest(SourceNode root)
    {
        var related = root is SourceObject or SourceArray && root.Span.End > root.Span.Start
            ? new RelatedPlace(Span(root.Span.End - 1, root.Span.End), root is SourceObject ? "the file's object is closed here" : "the file's list is closed here")
            : null;
        var end = Math.Min(_text.Length, _at + (char.IsHighSurrogate(_text[_at]) ? 2 : 1));
        var what = _text[_at] is '}' or ']' ? $"`{_text[_at]}` closes nothing" : "something follows the end of the file's value";
        Error("E026", _at, end, what, "delete it, or the bracket that closed too early", related: related);
        Break(_at);
        _at = _text.Length;
    }

    private SourceNode ReadValue(SourcePath path)
    {
        var c = _text[_at];
        switch (c)
        {
            case '{':
                return Nest(path, ReadObject);
            case '[':
                return Nest(path, ReadArray);
            case '"':
                return ReadText(path);
            case '-' or '+' or '.' or (>= '0' and <= '9'):
                return ReadNumber(path);
        }
        if (IsOddQuote(c))
        {
            return ReadText(path);
        }
        if (IsWordPart(c))
        {
            return ReadWord(path);
        }
        var start = _at;
        SkipOdd();
        Error("E026", start, _at, $"{Character(_text, start)} is not a JSON value", "a value is a text in quotes, a number, true, false, null, a list or an object");
        return Unreadable(start, path);
    }

    private SourceNode Nest(SourcePath path, Func<SourcePath, SourceNode> read)
    {
        if (_open.Count < MaxDepth)
        {
            return read(path);
        }
        var start = _at;
        Error("E027", start, start + 1, $"nested deeper than {MaxDepth} brackets", "take it apart");
        SkipNested();
        Break(start);
        return Unreadable(start, path);
    }

    private SourceObject ReadObject(SourcePath path)
    {
        var start = _at++;
        _open.Add(('{', start));
        var members = new List<SourceMember>();
        Dictionary<string, int>? places = null;
        while (true)
        {
            SkipSpace();
            if (_at == _text.Length)
            {
                Unclosed(start, "object");
                break;
            }
            var c = _text[_at];
            if (c == '}')
            {
                Close(start);
                break;
            }
            if (c == ']')
            {
                if (IsOpen('['))
                {
                    Mismatched(start, "object", $"`{c}` closes what stands around it");
                    break;
                }
                Stray();
                continue;
            }
            if (IsComma(c))
            {
                Error("E026", _at, _at + 1, "no field stands before this comma", "delete it");
                _at++;
                continue;
            }
            if (c == '{' && members.Count > 0 && _open.Count > 1 && _open[^2].Bracket == '[')
            {
                Mismatched(start, "object", "the next item of the list begins here");
                _goesOn = true;
                break;
            }
            if (ReadMember(path) is not { } member)
            {
                SkipSpace();
                _at += _at < _text.Length && IsComma(_text[_at]) ? 1 : 0;
                continue;
            }
            places ??= new Dictionary<string, int>(StringComparer.Ordinal);
            if (!places.TryAdd(member.Name, members.Count))
            {
                Duplicate(members[places[member.Name]], member);
            }
            members.Add(member);
            AfterItem('}');
        }
        _open.RemoveAt(_open.Count - 1);
        return new SourceObject(Span(start, _at), path, members);
    }

    private SourceMember? ReadMember(SourcePath path)
    {
        var start = _at;
        string name;
        var c = _text[_at];
        if (c == '"' || IsOddQuote(c))
        {
            if (ReadText(path) is not SourceString text)
            {
                var cut = _text[(start + 1).._at];
                return new SourceMember(cut[..Math.Max(0, cut.IndexOf(':', StringComparison.Ordinal))], Span(start, start + 1), Unreadable(start, path));
            }
            name = text.Value;
        }
        else if (IsWordPart(c) && c != '-')
        {
            SkipWord();
            name = _text[start.._at];
            Error("E026", start, _at, $"the field name {Shown.Clip(name)} needs quotes", $"write `\"{Shown.Clip(name)}\"`");
        }
        else
        {
            if (c is '{' or '[' or '-' or '+' or '.' || char.IsAsciiDigit(c))
            {
                Error("E026", start, start + 1, $"a field name in quotes is expected here, found {(c is '{' ? "an object" : c is '[' ? "a list" : "a number")}", "write `\"name\": …`");
                _ = ReadValue(path);
            }
            else
            {
                SkipOdd();
                Error("E026", start, _at, $"a field name in quotes is expected here, found {Character(_text, start)}", "write `\"name\": …`");
            }
            SkipSpace();
            if (_at < _text.Length && IsColon(_text[_at]))
            {
                _at++;
                SkipSpace();
                if (_at < _text.Length && !IsEnd(_text[_at]))
                {
                    _ = ReadValue(path);
                }
            }
            _ = Unreadable(start, path);
            return null;
        }
        var nameSpan = Span(start, _at);
        var at = path.Member(name);
        SkipSpace();
        var colon = _at < _text.Length && IsColon(_text[_at]);
        if (colon)
        {
            if (_text[_at] != ':')
            {
                Error("E026", _at, _at + 1, $"{Character(_text, _at)} stands where a colon must be", "write `:`");
            }
            _at++;
            if (_text[_at - 1] == '=' && _at < _text.Length && _text[_at] == '>')
            {
                _at++;
            }
            SkipSpace();
        }
        else if (name.Contains(':', StringComparison.Ordinal) && _at < _text.Length && !IsEnd(_text[_at]))
        {
            Error("E002", start, start + 1, "this field name is not closed before its colon", $"write `\"{Shown.Clip(name[..name.IndexOf(':', StringComparison.Ordinal)])}\": …`");
            var rest = _at;
            _at = RestOfLine(_at);
            return new SourceMember(name[..name.IndexOf(':', StringComparison.Ordinal)], nameSpan, Unreadable(rest, at));
        }
        if (_at == _text.Length || IsEnd(_text[_at]))
        {
            Error("E026", nameSpan.Start, nameSpan.End, $"the field \"{Shown.Clip(name)}\" has no value", "write `: ` and its value");
            return new SourceMember(name, nameSpan, Unreadable(nameSpan.Start, at));
        }
        if (!colon)
        {
            Error("E026", _at, _at + 1, $"a colon is missing after \"{Shown.Clip(name)}\"", "write `:` between a field's name and its value");
        }
        return new SourceMember(name, nameSpan, ReadValue(at));
    }

    private SourceArray ReadArray(SourcePath path)
    {
        var start = _at++;
        _open.Add(('[', start));
        var items = new List<SourceNode>();
        while (true)
        {
            SkipSpace();
            if (_at == _text.Length)
            {
                Unclosed(start, "list");
                break;
            }
            var c = _text[_at];
            if (c == ']')
            {
                Close(start);
                break;
            }
            if (c == '}')
            {
                if (IsOpen('{'))
                {
                    Mismatched(start, "list", $"`{c}` closes what stands around it");
                    break;
                }
                Stray();
                continue;
            }
            if (IsComma(c))
            {
                Error("E026", _at, _at + 1, "no item stands before this comma", "delete it");
                _at++;
                continue;
            }
            var item = ReadValue(path.Item(items.Count));
            items.Add(item);
            SkipSpace();
            if (_at < _text.Length && _text[_at] == ':' && item is SourceString && items.Count > 1 && IsOpen('{') && IsFirstOnLine(item.Span.Start))
            {
                items.RemoveAt(items.Count - 1);
                _at = item.Span.Start;
                Mismatched(start, "list", "a field of the object around it begins here");
                _goesOn = true;
                break;
            }
            if (_at < _text.Length && _text[_at] == ':')
            {
                Error("E026", _at, _at + 1, "a list holds values without names", "put name and value into an object: `{ \"name\": … }`");
                var colon = _at++;
                SkipSpace();
                if (_at < _text.Length && !IsEnd(_text[_at]))
                {
                    _ = ReadValue(path.Item(items.Count));
                }
                items[^1] = Unreadable(item.Span.Start, item.Path);
                _unreadable.Add(Span(colon, _at));
            }
            AfterItem(']');
        }
        _open.RemoveAt(_open.Count - 1);
        return new SourceArray(Span(start, _at), path, items);
    }

    /// <summary>Reads the comma after a member or item.</summary>
    private void AfterItem(char closing)
    {
        if (_goesOn)
        {
            _goesOn = false;
            return;
        }
        var before = _at;
        SkipSpace();
        if (_at == _text.Length || _text[_at] is '}' or ']')
        {
            return;
        }
        var c = _text[_at];
        if (before == _at && _text[_at - 1] == '"' && char.IsLetterOrDigit(c))
        {
            Error("E011", _at - 1, _at, "a quote inside a text must be written \\\"", "write `\\\"`, or use ‘ ’ or “ ” inside the text");
            Break(_at - 1);
            _at = RestOfLine(_at);
            while (_at > before && (char.IsWhiteSpace(_text[_at - 1]) || IsEnd(_text[_at - 1])))
            {
                _at--;
            }
            AfterItem(closing);
            return;
        }
        if (!IsComma(c) && !IsStart(c))
        {
            var start = _at;
            SkipOdd();
            Error("E026", start, _at, $"{Character(_text, start)} is out of place here", "delete it");
            SkipSpace();
            _at += _at < _text.Length && IsComma(_text[_at]) ? 1 : 0;
            return;
        }
        if (!IsComma(c))
        {
            var end = _at;
            while (end < _text.Length && end - _at < 40 && _text[end] is not ('\n' or '\r' or ',' or ':' or '{' or '[' or '}' or ']'))
            {
                end++;
            }
            Error("E026", _at, Math.Max(end, _at + 1), $"a comma is missing before {(closing == '}' ? "this field" : "this item")}", "write `,` after the one before it");
            return;
        }
        var comma = _at++;
        if (c != ',')
        {
            Error("E026", comma, comma + 1, $"{Character(_text, comma)} stands where a comma must be", "write `,`");
        }
        SkipSpace();
        if (_at < _text.Length && _text[_at] is '}' or ']')
        {
            Error("E001", comma, comma + 1, $"trailing comma before \"{_text[_at]}\"", "delete it: JSON has commas between items only");
        }
    }

    private SourceNode ReadNumber(SourcePath path)
    {
        var start = _at;
        while (_at < _text.Length && (IsWordPart(_text[_at]) || _text[_at] is '+' or '-' or '.' or '%'))
        {
            _at++;
        }
        var written = _text.AsSpan(start, _at - start);
        if (IsNumber(written))
        {
            var value = double.Parse(written, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (double.IsFinite(value))
            {
                return new SourceNumber(Span(start, _at), path, value);
            }
            Error("E007", start, _at, "this number is too large to be kept", null);
            return Unreadable(start, path);
        }
        var plain = written.Trim('+').TrimEnd('%');
        string? meant = null;
        if (double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            meant = written.EndsWith("%") ? (number / 100).ToString(CultureInfo.InvariantCulture) : number.ToString(CultureInfo.InvariantCulture);
        }
        Error("E026", start, _at, $"{Shown.Clip(written.ToString())} is not a JSON number", meant is null ? "put a text in quotes" : $"write `{meant}`, or put a text in quotes");
        return Unreadable(start, path);
    }

    private SourceNode ReadWord(SourcePath path)
    {
        var start = _at;
        SkipWord();
        var word = _text.AsSpan(start, _at - start);
        switch (word)
        {
            case "true": return new SourceBoolean(Span(start, _at), path, true);
            case "false": return new SourceBoolean(Span(start, _at), path, false);
            case "null": return new SourceNull(Span(start, _at), path);
        }
        var shown = Shown.Clip(word.ToString());
        var meant = shown.ToLowerInvariant() switch { "true" or "yes" => "true", "false" or "no" => "false", "null" or "none" or "nil" or "undefined" => "null", _ => null };
        Error("E026", start, _at, $"{shown} is not a JSON value", meant is null ? $"a text needs quotes: `\"{shown}\"`" : $"write `{meant}`");
        return Unreadable(start, path);
    }

    private SourceNode ReadText(SourcePath path)
    {
        var start = _at;
        var opening = _text[_at++];
        if (opening != '"')
        {
            OddQuote(start);
        }
        var plainEnd = opening == '"' ? PlainEnd() : -1;
        if (plainEnd >= 0)
        {
            var plain = new SourceString(Span(start, plainEnd + 1), path, _text[(start + 1)..plainEnd], new OffsetRange(start + 1, plainEnd - start));
            _at = plainEnd + 1;
            return plain;
        }
        _builder.Clear();
        var offsets = new List<int>();
        int? wrongEscape = null, wrongEscapes = 0;
        while (true)
        {
            if (_at == _text.Length || _text[_at] is '\n' or '\r')
            {
                return UnclosedText(start, path);
            }
            var c = _text[_at];
            if (Closes(opening, c))
            {
                break;
            }
            if (c == '\\' && _at + 1 < _text.Length && _text[_at + 1] is not ('\n' or '\r'))
            {
                if (!ReadEscape(offsets))
                {
                    wrongEscape ??= _at;
                    wrongEscapes++;
                    offsets.Add(_at);
                    _builder.Append('\\');
                    _at++;
                }
                continue;
            }
            if (c < ' ')
            {
                var escaped = c == '\t' ? "\\t" : $"\\u{(int)c:X4}";
                Repeat("control" + escaped, "E003", _at, _at + 1, c == '\t' ? "a tab in a text must be written \\t" : $"the control character U+{(int)c:X4} in a text must be written {escaped}", $"replace it with `{escaped}`");
            }
            else if (char.IsSurrogate(c) && !(char.IsHighSurrogate(c) && _at + 1 < _text.Length && char.IsLowSurrogate(_text[_at + 1])) && !(char.IsLowSurrogate(c) && char.IsHighSurrogate(_text[_at - 1])))
            {
                Repeat("surrogate", "E028", _at, _at + 1, "half of a character stands here", "type the character anew");
            }
            offsets.Add(_at);
            _builder.Append(c);
            _at++;
        }
        if (_text[_at] != '"')
        {
            OddQuote(_at);
        }
        offsets.Add(_at++);
        ReportEscapes(wrongEscape, wrongEscapes ?? 0);
        return new SourceString(Span(start, _at), path, _builder.ToString(), offsets);
    }

    /// <summary>Where a text without escapes ends, or -1 when it has something that needs a closer look.</summary>
    private int PlainEnd()
    {
        var length = _text.AsSpan(_at).IndexOfAny(s_special);
        return length >= 0 && _text[_at + length] == '"' ? _at + length : -1;
    }

    private static readonly System.Buffers.SearchValues<char> s_special =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (char)i), '"', '\\', .. Enumerable.Range(0xD800, 0x800).Select(i => (char)i)]);

    /// <summary>Reads an escape with its backslash; false, with nothing read, when JSON has no such escape.</summary>
    private bool ReadEscape(List<int> offsets)
    {
        var kind = _text[_at + 1];
        char? unit = kind switch { '"' => '"', '\\' => '\\', '/' => '/', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => null };
        if (unit is { } simple)
        {
            if (kind is 'b' or 'f' && _errors <= MaxErrors)
            {
                _diagnostics.Warning("W011", Span(_at, _at + 2), $"\\{kind} is {(kind == 'b' ? "a backspace" : "a form feed")} in JSON",
                    note: kind == 'b' ? "what a pattern calls \\b is a word boundary, and needs two backslashes" : null, help: $"write `\\\\{kind}` for a pattern's \\{kind}");
            }
            Append(offsets, simple, 2);
            return true;
        }
        if (kind != 'u')
        {
            return false;
        }
        if (HexAt(_at) is not { } code)
        {
            var end = _at + 2;
            while (end < _text.Length && end < _at + 6 && char.IsAsciiHexDigit(_text[end]))
            {
                end++;
            }
            Error("E011", _at, end, "\\u needs four hex digits", "write for example `\\u20AC`, or the character itself");
            Append(offsets, '\uFFFD', end - _at);
            return true;
        }
        if (char.IsHighSurrogate(code) && _at + 7 < _text.Length && _text[_at + 6] == '\\' && _text[_at + 7] == 'u' && HexAt(_at + 6) is { } low && char.IsLowSurrogate(low))
        {
            Append(offsets, code, 6);
            Append(offsets, low, 6);
            return true;
        }
        if (char.IsSurrogate(code))
        {
            Error("E011", _at, _at + 6, $"{_text.AsSpan(_at, 6)} is half of a character", "write the character itself");
            code = '\uFFFD';
        }
        Append(offsets, code, 6);
        return true;
    }

    private char? HexAt(int backslash) =>
        backslash + 6 <= _text.Length && ushort.TryParse(_text.AsSpan(backslash + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? (char)code : null;

    private void Append(List<int> offsets, char unit, int length)
    {
        offsets.Add(_at);
        _builder.Append(unit);
        _at += length;
    }

    private void ReportEscapes(int? first, int count)
    {
        if (first is not { } at)
        {
            return;
        }
        var end = at + 2 <= _text.Length && char.IsHighSurrogate(_text[at + 1]) && at + 2 < _text.Length ? at + 3 : at + 2;
        var shown = Shown.Clip(_text[(at + 1)..end]);
        if (shown == "'")
        {
            Error("E011", at, end, "\\' is no JSON escape", "an apostrophe needs no backslash: write `'`");
            return;
        }
        Error("E011", at, end, $"\\{shown} must be written \\\\{shown} in JSON", count == 1 ? $"write `\\\\{shown}`" : $"double the backslash of all {count} such escapes in this text");
    }

    /// <summary>A text that its line does not close: the line is taken as its end, without the comma or brackets that end the line.</summary>
    private SourceNode UnclosedText(int start, SourcePath path)
    {
        var end = _at;
        for (var i = end - 1; i > start; i--)
        {
            if (_text[i] is '\u201D' or '\u201C' or '\u2033' && FollowedByPunctuation(i + 1, end))
            {
                OddQuote(i);
                _at = i + 1;
                return new SourceString(Span(start, _at), path, _text[(start + 1)..i], new OffsetRange(start + 1, i - start));
            }
            if (!char.IsWhiteSpace(_text[i]) && !IsEnd(_text[i]) && _text[i] != ':' && end - i > 40)
            {
                break;
            }
        }
        while (end > start + 1 && (_text[end - 1] is ' ' or '\t' || IsEnd(_text[end - 1])))
        {
            end--;
        }
        _at = end;
        Error("E002", start, start + 1, "this text is not closed on its line", "write the closing quote; a line break in a text is written \\n");
        return Unreadable(start, path);
    }

    private bool FollowedByPunctuation(int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if (_text[i] is not (' ' or '\t'))
            {
                return IsEnd(_text[i]) || IsColon(_text[i]);
            }
        }
        return true;
    }

    private bool Closes(char opening, char c)
    {
        switch (opening)
        {
            case '"':
                return c == '"';
            case '\'' or '`' or '\u2018' or '\u2019' or '\u201A' or '\u00B4':
                if (c is not ('\'' or '`' or '\u2018' or '\u2019' or '\u00B4' or '"'))
                {
                    return false;
                }
                for (var i = _at + 1; i < _text.Length && i < _at + 40; i++)
                {
                    if (_text[i] is not (' ' or '\t'))
                    {
                        return IsEnd(_text[i]) || IsColon(_text[i]) || _text[i] is '\n' or '\r';
                    }
                }
                return true;
            default:
                return c is '"' or '\u201C' or '\u201D' or '\u201F' or '\u2033' or '\u00BB' or '\uFF02';
        }
    }

    private void OddQuote(int at)
    {
        var c = _text[at];
        Repeat("quote", "E003", at, at + 1, $"{c} (U+{(int)c:X4}) is not a JSON quote", "replace it with `\"`");
    }

    private void Duplicate(SourceMember first, SourceMember second)
    {
        if (_errors++ > MaxErrors)
        {
            return;
        }
        _diagnostics.Error("E005", second.NameSpan, $"\"{Shown.Clip(second.Name)}\" appears twice in this object", note: "many tools silently take the later one",
            help: first.Value is SourceArray && second.Value is SourceArray ? "merge the two lists" : "keep one of them", related: new RelatedPlace(first.NameSpan, "first written here"));
    }

    private void Close(int start)
    {
        if (_suspect is null && IsFirstOnLine(_at) && Indentation(_at) < Indentation(start))
        {
            _suspect = (start, _at);
        }
        _at++;
    }

    /// <summary>The file ends while something is open. Said once, of the bracket that the indentation shows to have lost its partner.</summary>
    private void Unclosed(int start, string what)
    {
        if (_brokenAt is not null || _errors > MaxErrors)
        {
            return;
        }
        string? note = null;
        if (_suspect is { } suspect)
        {
            var (line, column) = _file.Place(suspect.Close);
            start = suspect.Open;
            what = _text[start] == '{' ? "object" : "list";
            note = $"by its indentation the `{_text[suspect.Close]}` at {line}:{column} closes another bracket, so one is missing before it";
        }
        ReportUnclosed(start, what, _text.Length, note);
    }

    /// <summary>Another kind of bracket closes what stands around.</summary>
    private void Mismatched(int start, string what, string note)
    {
        if (_brokenAt is null)
        {
            ReportUnclosed(start, what, _at, note);
        }
    }

    private void ReportUnclosed(int start, string what, int at, string? note)
    {
        var (line, column) = _file.Place(start);
        Error("E002", at, Math.Min(at + 1, _text.Length), $"{what} opened at {line}:{column} is never closed", $"write `{(_text[start] == '{' ? '}' : ']')}`",
            note, new RelatedPlace(Span(start, start + 1), "opened here"));
        Break(at == _text.Length ? start : at);
    }

    private void Stray()
    {
        Error("E026", _at, _at + 1, $"`{_text[_at]}` closes nothing", "delete it");
        _at++;
    }

    /// <summary>Leaps over white space; what only looks like it, and comments, are reported.</summary>
    private void SkipSpace()
    {
        if (_stopped)
        {
            _at = _text.Length;
        }
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c is ' ' or '\n' or '\r' or '\t')
            {
                _at++;
            }
            else if (c == '/' && _at + 1 < _text.Length && _text[_at + 1] is '/' or '*' || c == '#')
            {
                var start = _at;
                var block = c == '/' && _text[_at + 1] == '*';
                var end = block ? _text.IndexOf("*/", _at + 2, StringComparison.Ordinal) : RestOfLine(_at);
                _at = end < 0 ? _text.Length : block ? end + 2 : end;
                Repeat("comment", "E026", start, Math.Min(_at, start + 2), "JSON has no comments", "delete it; remarks go to `why` and `misses`");
            }
            else if (char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format || c < ' ')
            {
                Repeat("space" + c, "E003", _at, _at + 1, $"U+{(int)c:X4} is not white space in JSON", "replace it with a blank");
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private void SkipWord()
    {
        while (_at < _text.Length && IsWordPart(_text[_at]))
        {
            _at++;
        }
    }

    /// <summary>Leaps over characters that start nothing, at least one.</summary>
    private void SkipOdd()
    {
        do
        {
            _at++;
        }
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && !IsWordPart(_text[_at]) && !IsEnd(_text[_at]) && _text[_at] is not ('"' or '{' or '[' or ':'));
    }

    /// <summary>Leaps over an object or list of any depth without reading it.</summary>
    private void SkipNested()
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            var c = _text[_at++];
            if (c == '"')
            {
                while (_at < _text.Length && _text[_at] is not ('"' or '\n'))
                {
                    _at += _text[_at] == '\\' ? 2 : 1;
                }
                _at = Math.Min(_at + 1, _text.Length);
            }
            else if (c is '{' or '[')
            {
                depth++;
            }
            else if (c is '}' or ']' && --depth == 0)
            {
                return;
            }
        }
    }

    private int RestOfLine(int from)
    {
        var end = _text.IndexOf('\n', from);
        return end < 0 ? _text.Length : end;
    }

    private bool IsOpen(char bracket) => _open.Exists(o => o.Bracket == bracket);

    private static bool IsComma(char c) => c is ',' or ';' or '\uFF0C' or '\u3001' or '\uFF1B';

    private static bool IsColon(char c) => c is ':' or '=' or '\uFF1A';

    private static bool IsEnd(char c) => c is '}' or ']' || IsComma(c);

    private static bool IsStart(char c) => c is '"' or '{' or '[' or '+' or '.' || IsWordPart(c) || IsOddQuote(c);

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '$';

    private static bool IsOddQuote(char c) =>
        c is '\'' or '`' or '\u2018' or '\u2019' or '\u201A' or '\u201C' or '\u201D' or '\u201E' or '\u201F' or '\u2033' or '\u00AB' or '\u00BB' or '\u00B4' or '\uFF02';

    /// <summary>The grammar of RFC 8259, section 6.</summary>
    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        var i = text is ['-', ..] ? 1 : 0;
        var whole = Digits(text, ref i);
        if (whole == 0 || (whole > 1 && text[i - whole] == '0'))
        {
            return false;
        }
        if (i < text.Length && text[i] == '.')
        {
            i++;
            if (Digits(text, ref i) == 0)
            {
                return false;
            }
        }
        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '+' or '-')
            {
                i++;
            }
            if (Digits(text, ref i) == 0)
            {
                return false;
            }
        }
        return i == text.Length;
    }

    private static int Digits(ReadOnlySpan<char> text, ref int i)
    {
        var start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }
        return i - start;
    }

    private bool IsFirstOnLine(int at)
    {
        var i = at - 1;
        while (i >= 0 && _text[i] is ' ' or '\t')
        {
            i--;
        }
        return i < 0 || _text[i] == '\n';
    }

    private int Indentation(int at)
    {
        var start = at == 0 ? 0 : _text.LastIndexOf('\n', at - 1) + 1;
        var i = start;
        while (i < at && _text[i] is ' ' or '\t')
        {
            i++;
        }
        return i - start;
    }

    private static string Character(string text, int at)
    {
        var rune = Rune.TryGetRuneAt(text, at, out var whole) ? whole : Rune.ReplacementChar;
        return rune.IsAscii && rune.Value > ' ' ? $"`{rune}`" : $"{Shown.Clip(rune.ToString())} (U+{rune.Value:X4})";
    }

    private SourceSpan Span(int start, int end) => new(_file, start, Math.Min(end, _text.Length));

    private SourceUnreadable Unreadable(int start, SourcePath path)
    {
        var span = Span(start, _at);
        if (_unreadable.Count < MaxErrors)
        {
            _unreadable.Add(span);
        }
        return new SourceUnreadable(span, path);
    }

    private void Break(int at) => _brokenAt = Math.Min(_brokenAt ?? at, at);

    private void Repeat(string key, string code, int start, int end, string message, string help)
    {
        if (!_repeated.TryGetValue(key, out var repeated))
        {
            _repeated[key] = repeated = new Repeated(code, Span(start, end), message, help);
        }
        repeated.Count++;
    }

    private void Error(string code, int start, int end, string message, string? help, string? note = null, RelatedPlace? related = null)
    {
        _errors++;
        if (_errors < MaxErrors)
        {
            _diagnostics.Error(code, Span(start, end), message, note, help, related);
        }
        else if (_errors == MaxErrors)
        {
            _diagnostics.Error("E027", Span(start, end), $"the file has {MaxErrors} errors or more; what follows is not read");
            Break(start);
            _stopped = true;
        }
    }

    /// <summary>An error that a word processor makes many times in a file: said once, with its count.</summary>
    private sealed record Repeated(string Code, SourceSpan First, string Message, string Help)
    {
        public int Count { get; set; }
    }

    /// <summary>Numbers in a row, which is what the offsets of a text without escapes are.</summary>
    private sealed class OffsetRange(int start, int count) : IReadOnlyList<int>
    {
        public int Count => count;

        public int this[int index] => (uint)index < (uint)count ? start + index : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<int> GetEnumerator() => Enumerable.Range(start, count).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
