using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Surveillance.Alerting;
using Surveillance.Archive;
using Surveillance.Consent;
using Surveillance.Detection;
using Surveillance.Evaluation;
using Surveillance.Messages;
using Surveillance.Rules;

namespace Surveillance.Pipeline;

/// <summary>What a scan computes and writes. Values combine as a set.</summary>
[Flags]
public enum ScanParts
{
    /// <summary>PII hits.</summary>
    Pii = 1,
    /// <summary>Scores, opt-outs and languages.</summary>
    Scores = 2,
    /// <summary>Matches of rules.</summary>
    Alerts = 4,
    /// <summary>Everything.</summary>
    All = Pii | Scores | Alerts,
}

/// <summary>How to scan.</summary>
/// <param name="Parts">What to compute and write.</param>
/// <param name="MinConfidence">PII hits of less are not written.</param>
/// <param name="Workers">Threads, 1 to 64; the output does not depend on it.</param>
public sealed record ScanOptions(ScanParts Parts, double MinConfidence, int Workers);

/// <summary>What a scan did.</summary>
/// <param name="Messages">Messages judged.</param>
/// <param name="Unreadable">Lines that could not be read.</param>
/// <param name="Bytes">Bytes read.</param>
/// <param name="Elapsed">Time from the first line to the last.</param>
/// <param name="P50">Median time that one message took, from reading to judged.</param>
/// <param name="P99">Time that 99 of 100 messages stayed within.</param>
/// <param name="AllocatedBytes">Memory allocated meanwhile, in bytes, over all threads.</param>
/// <param name="PeakBytes">The most memory that the process held, in bytes.</param>
/// <param name="HeapAtHalfBytes">Managed memory in use half way, in bytes, where it was taken; else 0.</param>
/// <param name="HeapAtEndBytes">Managed memory in use at the end, in bytes.</param>
/// <param name="FellOut">Entries of conversations that were let go to bound memory.</param>
public sealed record ScanStats(
    long Messages, long Unreadable, long Bytes, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99, long AllocatedBytes, long PeakBytes, long HeapAtHalfBytes, long HeapAtEndBytes, long FellOut);

/// <summary>The dry run: reads captured messages as lines, stores nothing, judges them exactly as the pipeline does.</summary>
/// <remarks>
/// A line's position is its number. Consent lines take effect for the lines after them. Conversations are dealt to 64
/// partitions as in the service, whatever the number of threads, so that the same lines give the same bytes.
/// </remarks>
/// <param name="revision">What judges.</param>
/// <param name="options">How to scan.</param>
public sealed class Scanner(Revision revision, ScanOptions options)
{
    private const int ChunkLines = 1_024;
    private const int ChunkBytes = 8 * 1024 * 1024;
    private const int MaxLineBytes = 64 * 1024 * 1024;
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly IdMaker _ids = new(new byte[32]); // ids of a scan never leave it
    private readonly ConversationMemory[] _memories = [.. Enumerable.Range(0, 64).Select(_ => new ConversationMemory(20_000 / 64, 200, 1_000_000, reach: revision.ConversationReach))];
    private readonly LatencyCounts _latencies = new();

    /// <summary>Scans to the end of the input.</summary>
    /// <param name="input">Lines of captured messages, UTF-8.</param>
    /// <param name="output">One JSON line a message, in input order.</param>
    /// <param name="progress">Told of the bytes read after each stretch; may be null.</param>
    /// <param name="cancel">Stops between stretches.</param>
    public ScanStats Run(Stream input, Stream output, Action<long>? progress, CancellationToken cancel)
    {
        var ledger = new ConsentLedger(_ids.Person);
        var started = Stopwatch.GetTimestamp();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        long messages = 0, unreadable = 0, bytes = 0, heapAtHalf = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancel };
        foreach (var chunk in new LineReader(input, ChunkLines, ChunkBytes, MaxLineBytes).Chunks())
        {
            var lines = chunk.Lines;
            Parallel.For(0, lines.Count, parallel, i => lines[i].Prepare(revision.Detectors, Detectors));
            foreach (var line in lines)
            {
                if (line.Read.Consent is { } consent) { ledger.Add(consent, line.Number); }
                else if (line.Hits is { OptOut: true }) { ledger.Add(OptOuts.Of(line.Read.Message!, line.Number, ledger)); }
            }
            var partitions = new List<ScanLine>?[64];
            foreach (var line in lines)
            {
                if (line.Message is not null)
                {
                    (partitions[ArchiveItem.PartitionOf(_ids.Conversation(line.Read.Message!))] ??= []).Add(line);
                }
            }
            Parallel.For(0, 64, parallel, partition => Judge(partitions[partition], _memories[partition], ledger));
            foreach (var line in lines)
            {
                if (line.Output is { } written)
                {
                    output.Write(written.WrittenSpan);
                }
                if (line.Read.Errors.Count > 0) { unreadable++; }
                else if (line.Read.Message is not null)
                {
                    messages++;
                    _latencies.Add(line.Ticks);
                }
            }
            bytes = chunk.BytesRead;
            progress?.Invoke(bytes);
            if (input.CanSeek && heapAtHalf == 0 && bytes >= input.Length / 2)
            {
                heapAtHalf = GC.GetTotalMemory(forceFullCollection: true);
            }
        }
        output.Flush();
        var elapsed = Stopwatch.GetElapsedTime(started);
        var took = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        using var process = Process.GetCurrentProcess();
        return new ScanStats(
            messages, unreadable, bytes, elapsed, _latencies.Quantile(0.5), _latencies.Quantile(0.99), took, process.PeakWorkingSet64, heapAtHalf,
            GC.GetTotalMemory(forceFullCollection: true), _memories.Sum(m => m.FellOut));
    }

    private DetectorKinds Detectors => options.Parts switch
    {
        ScanParts.Pii => DetectorKinds.Pii,
        ScanParts.Scores => DetectorKinds.Scores,
        _ => DetectorKinds.All,
    };

    private void Judge(List<ScanLine>? lines, ConversationMemory memory, ConsentLedger ledger)
    {
        if (lines is null)
        {
            return;
        }
        foreach (var line in lines)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                line.Output = Write(line, Matches(line, memory, ledger));
                line.Message!.Dispose();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                line.Fail("evaluation-failed", e);
            }
            line.Ticks += Stopwatch.GetTimestamp() - started;
        }
    }

    private IReadOnlyList<RuleMatch> Matches(ScanLine line, ConversationMemory memory, ConsentLedger ledger)
    {
        if (!options.Parts.HasFlag(ScanParts.Alerts))
        {
            return [];
        }
        if (!revision.LooksAtConversations)
        {
            return Evaluator.Evaluate(line.Message!, line.Hits!, line.Number, EmptyConversation.Instance, ledger.At(line.Number), revision).Matches;
        }
        var conversation = _ids.Conversation(line.Message!.Message);
        var entry = new ConversationEntry(line.Number, line.Message.Message, line.Hits!);
        var view = memory.View(conversation, entry);
        var matches = Evaluator.Evaluate(line.Message, line.Hits!, line.Number, view, ledger.At(line.Number), revision).Matches;
        memory.Add(conversation, entry);
        return matches;
    }

    private ArrayBufferWriter<byte> Write(ScanLine line, IReadOnlyList<RuleMatch> matches)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, line.Read.Message!.Id);
            if (options.Parts.HasFlag(ScanParts.Pii)) { HitsJson.WritePii(json, line.Hits!.Pii, options.MinConfidence); }
            if (options.Parts.HasFlag(ScanParts.Scores)) { HitsJson.WriteScores(json, line.Hits!); }
            if (options.Parts.HasFlag(ScanParts.Alerts))
            {
                json.WriteStartArray("alerts"u8);
                foreach (var match in matches)
                {
                    WriteMatch(json, match);
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer;
    }

    private static void WriteMatch(Utf8JsonWriter json, RuleMatch match)
    {
        json.WriteStartObject();
        json.WriteString("rule"u8, match.Rule.Id);
        json.WriteNumber("version"u8, match.Rule.Version);
        json.WriteString("severity"u8, Names<Severity>.Of(match.Rule.Severity));
        json.WriteString("family"u8, match.Rule.Family);
        json.WriteStartArray("evidence"u8);
        foreach (var evidence in match.Evidence)
        {
            json.WriteStartObject();
            json.WriteNumber("start"u8, evidence.Span.Start);
            json.WriteNumber("end"u8, evidence.Span.End);
            json.WriteString("condition"u8, evidence.Condition);
            if (evidence.Part is not null) { json.WriteString("part"u8, evidence.Part); }
            if (evidence.MessageId is not null) { json.WriteString("message"u8, evidence.MessageId); }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One line on its way through.</summary>
    internal sealed class ScanLine(long number, byte[] bytes)
    {
        private static readonly ReadLine TooLong = new() { Errors = [new InputError("too-long", "", "The line is longer than 64 MB.")] };

        public long Number { get; } = number;

        public ReadLine Read { get; private set; } = TooLong;

        public PreparedMessage? Message { get; private set; }

        public MessageHits? Hits { get; private set; }

        public ArrayBufferWriter<byte>? Output { get; set; }

        public long Ticks { get; set; }

        public void Prepare(DetectorSet detectors, DetectorKinds kinds)
        {
            var started = Stopwatch.GetTimestamp();
            if (bytes.Length > 0)
            {
                Read = CapturedMessageJson.Read(bytes);
            }
            if (Read.Message is { } message)
            {
                try
                {
                    Message = new PreparedMessage(message);
                    Hits = detectors.Detect(Message, kinds);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    Fail("detection-failed", e);
                }
            }
            else if (Read.Errors.Count > 0)
            {
                Output = WriteError();
            }
            Ticks = Stopwatch.GetTimestamp() - started;
        }

        /// <summary>Gives the line its error: a message that breaks something spoils itself alone.</summary>
        public void Fail(string code, Exception e)
        {
            Message?.Dispose();
            Message = null;
            Read = new ReadLine { Id = Read.Id, Errors = [new InputError(code, "", QuarantineReasons.Of(code, e).Detail)] };
            Output = WriteError();
        }

        private ArrayBufferWriter<byte> WriteError()
        {
            var buffer = new ArrayBufferWriter<byte>(256);
            using (var json = new Utf8JsonWriter(buffer, WriterOptions))
            {
                json.WriteStartObject();
                json.WriteNumber("line"u8, Number);
                json.WriteString("id"u8, Read.Id);
                json.WriteStartObject("error"u8);
                json.WriteString("code"u8, Read.Errors[0].Code);
                json.WriteString("pointer"u8, Read.Errors[0].Pointer);
                json.WriteString("detail"u8, Read.Errors[0].Detail);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            buffer.Write("\n"u8);
            return buffer;
        }
    }

    /// <summary>Cuts a stream into stretches of lines; blank lines count but are left out.</summary>
    private sealed class LineReader(Stream input, int maxLines, int maxBytes, int maxLineBytes)
    {
        public IEnumerable<(List<ScanLine> Lines, long BytesRead)> Chunks()
        {
            var buffer = new byte[256 * 1024];
            int start = 0, end = 0;
            long number = 0, read = 0;
            var lines = new List<ScanLine>();
            long held = 0;
            var skipping = false; // the rest of a line that is too long
            while (true)
            {
                var newline = Array.IndexOf(buffer, (byte)'\n', start, end - start);
                if (newline < 0)
                {
                    if (start > 0)
                    {
                        Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
                        (start, end) = (0, end - start);
                    }
                    if (end == buffer.Length)
                    {
                        if (buffer.Length >= maxLineBytes) { skipping = true; end = 0; }
                        else { Array.Resize(ref buffer, Math.Min(maxLineBytes, buffer.Length * 2)); }
                    }
                    var count = input.Read(buffer, end, buffer.Length - end);
                    if (count == 0)
                    {
                        if (end > 0 || skipping) { Take(buffer.AsSpan(0, end)); }
                        if (lines.Count > 0) { yield return (lines, read); }
                        yield break;
                    }
                    end += count;
                    read += count;
                    continue;
                }
                Take(buffer.AsSpan(start, newline - start));
                start = newline + 1;
                if (lines.Count == maxLines || held > maxBytes)
                {
                    yield return (lines, read);
                    lines = [];
                    held = 0;
                }
            }

            void Take(ReadOnlySpan<byte> line)
            {
                number++;
                line = line is [.., (byte)'\r'] ? line[..^1] : line;
                if (number == 1 && line is [0xEF, 0xBB, 0xBF, .. var rest])
                {
                    line = rest;
                }
                if (skipping)
                {
                    lines.Add(new ScanLine(number, []));
                    skipping = false;
                }
                else if (line.IndexOfAnyExcept((byte)' ', (byte)'\t') >= 0)
                {
                    lines.Add(new ScanLine(number, line.ToArray()));
                    held += line.Length;
                }
            }
        }
    }

    /// <summary>Counts of times in steps of about 2 %, so that quantiles need no list.</summary>
    private sealed class LatencyCounts
    {
        private readonly long[] _counts = new long[2_048];
        private long _total;

        public void Add(long ticks)
        {
            _counts[Math.Clamp((int)(Math.Log2(Math.Max(1, ticks)) * 32), 0, _counts.Length - 1)]++;
            _total++;
        }

        public TimeSpan Quantile(double share)
        {
            var wanted = (long)Math.Ceiling(_total * share);
            long seen = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                seen += _counts[i];
                if (seen >= wanted && seen > 0)
                {
                    return Stopwatch.GetElapsedTime(0, (long)Math.Pow(2, (i + 1) / 32.0));
                }
            }
            return TimeSpan.Zero;
        }
    }
}
