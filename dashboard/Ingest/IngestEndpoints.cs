using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Surveillance.Accounts;
using Surveillance.Capture;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Ingest;

/// <summary>What was kept.</summary>
/// <param name="Id">Our id of it.</param>
/// <param name="Duplicate">Whether the same had been kept before.</param>
/// <param name="Position">Its position in the archive.</param>
internal sealed record IngestAnswer(string Id, bool Duplicate, long Position);

/// <summary>What became of a line of a batch.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Status">201 kept, 200 kept before, 409 conflict, else why it was refused.</param>
/// <param name="Id">Our id of it, or null.</param>
/// <param name="NativeId">The id that the line gave, or null.</param>
/// <param name="Problem">Why it was refused, or null.</param>
internal sealed record LineAnswer(int Line, int Status, string? Id, string? NativeId, LineProblem? Problem);

/// <summary>Why a line was refused.</summary>
/// <param name="Type">The page that explains the kind.</param>
/// <param name="Title">The kind.</param>
/// <param name="Detail">What is wrong.</param>
/// <param name="Errors">Every reason.</param>
internal sealed record LineProblem(string Type, string Title, string Detail, IReadOnlyList<InputError> Errors);

/// <summary>What became of a batch.</summary>
/// <param name="Accepted">Lines kept now.</param>
/// <param name="Duplicates">Lines kept before.</param>
/// <param name="Refused">Lines refused or in conflict.</param>
/// <param name="Lines">One answer a line, in order.</param>
internal sealed record BatchAnswer(int Accepted, int Duplicates, int Refused, IReadOnlyList<LineAnswer> Lines);

/// <summary>Takes captured messages: one, or many as NDJSON. Answers after what was sent is synced to the disk.</summary>
internal static class IngestEndpoints
{
    /// <summary>The most bytes of one body, decompressed.</summary>
    internal const int MaxBatchBytes = 64 * 1024 * 1024;

    /// <summary>The most bytes of one message: 10 MB of attachment in base64 and room around it.</summary>
    internal const int MaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>The most lines of a batch.</summary>
    internal const int MaxLines = 5_000;

    private const int MaxAtOnce = 256;
    private const int MaxWebhooksAtOnce = 32;
    private static int s_running, s_webhooks;

    internal static void MapIngest(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/api/v1").RequireAuthorization(Scopes.IngestWrite).DisableAntiforgery()
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxBatchBytes + 1));
        messages.MapPost("/messages", PostOneAsync).Describe(IngestOperations.One);
        messages.MapPost("/messages:batch", PostBatchAsync).Describe(IngestOperations.Batch);
    }

    private static Task<IResult> PostOneAsync(HttpContext http, ICaptureDesk desk, IAuthorizationService authorization, CancellationToken cancel) => LimitedAsync(async () =>
    {
        if (!HasMediaType(http.Request, "application/json"))
        {
            return Problems.Result(Problems.WrongMediaType, "One message is sent as application/json.");
        }
        using var body = await ReadBodyAsync(http.Request, MaxMessageBytes, cancel);
        if (body is null)
        {
            return Problems.Result(Problems.TooLarge, $"A message has at most {MaxMessageBytes} bytes, its attachments included.");
        }
        var line = CapturedMessageJson.Read(body.Memory.Span);
        if (line.Errors.Count > 0)
        {
            var (kind, detail) = Problems.Of(line.Errors);
            return Problems.Result(kind, detail, line.Errors);
        }
        if (line.Consent is not null && !await MayAsync(http.User, authorization, Scopes.ConsentWrite))
        {
            return Problems.Result(Problems.Forbidden, $"A consent line needs the scope {Scopes.ConsentWrite}.", null, ("scope", Scopes.ConsentWrite));
        }
        var receipt = (await desk.CaptureAsync([new CaptureItem(line.Message, line.Consent, body.Memory.ToArray())], null, cancel))[0];
        return receipt.Outcome == CaptureOutcome.Conflict
            ? Problems.Result(Problems.Conflict, "Another message with other content has this channel, account and id.", null, ("id", receipt.Id.ToString()))
            : TypedResults.Json(new IngestAnswer(receipt.Id.ToString(), receipt.Outcome == CaptureOutcome.Duplicate, receipt.Position), statusCode: StatusCodes.Status202Accepted);
    }, http);

    private static Task<IResult> PostBatchAsync(HttpContext http, ICaptureDesk desk, IAuthorizationService authorization, CancellationToken cancel) => LimitedAsync(async () =>
    {
        if (!HasMediaType(http.Request, "application/x-ndjson") && !HasMediaType(http.Request, "application/json") && !HasMediaType(http.Request, "application/ndjson"))
        {
            return Problems.Result(Problems.WrongMediaType, "A batch is sent as application/x-ndjson, one JSON object a line.");
        }
        var encoding = http.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            return Problems.Result(Problems.WrongMediaType, "A batch is sent as it is or compressed with gzip.");
        }
        PooledBody? body;
        try
        {
            body = await ReadBodyAsync(http.Request, MaxBatchBytes, cancel, gzip: encoding == "gzip");
        }
        catch (InvalidDataException)
        {
            return Problems.Result(Problems.MalformedBody, "The body is not gzip of one member, or its end is missing; nothing of it was kept.");
        }
        using (body)
        {
            if (body is null)
            {
                return Problems.Result(Problems.TooLarge, $"A batch has at most {MaxBatchBytes} bytes when decompressed.");
            }
            return await KeepLinesAsync(body.Memory, http.User, desk, authorization, cancel);
        }
    }, http);

    private static async Task<IResult> KeepLinesAsync(ReadOnlyMemory<byte> body, ClaimsPrincipal user, ICaptureDesk desk, IAuthorizationService authorization, CancellationToken cancel)
    {
        var answers = new List<LineAnswer>();
        var items = new List<CaptureItem>();
        var places = new List<int>();
        bool? mayConsent = null;
        for (int start = 0, number = 1; start < body.Length; number++)
        {
            var length = body.Span[start..].IndexOf((byte)'\n');
            var line = length < 0 ? body[start..] : body.Slice(start, length);
            start += line.Length + 1;
            if (line.Span is [.., (byte)'\r'])
            {
                line = line[..^1];
            }
            if (line.Span.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
            {
                continue;
            }
            if (answers.Count == MaxLines)
            {
                return Problems.Result(Problems.TooLarge, $"A batch has at most {MaxLines} lines; nothing of this one was kept.");
            }
            var read = line.Length > MaxMessageBytes ? TooLong : CapturedMessageJson.Read(line.Span);
            if (read.Errors.Count > 0)
            {
                answers.Add(Refused(number, read));
                continue;
            }
            if (read.Consent is not null && !(mayConsent ??= await MayAsync(user, authorization, Scopes.ConsentWrite)))
            {
                var error = new InputError("missing-scope", "/type", $"A consent line needs the scope {Scopes.ConsentWrite}.");
                answers.Add(new LineAnswer(number, StatusCodes.Status403Forbidden, null, null, new LineProblem("/problems/" + Problems.Forbidden.Code, Problems.Forbidden.Title, error.Detail, [error])));
                continue;
            }
            places.Add(answers.Count);
            items.Add(new CaptureItem(read.Message, read.Consent, line.ToArray()));
            answers.Add(new LineAnswer(number, StatusCodes.Status201Created, null, read.Id, null));
        }
        if (answers.Count == 0)
        {
            return Problems.Result(Problems.Invalid, "The batch has no line.");
        }
        var receipts = items.Count == 0 ? [] : await desk.CaptureAsync(items, null, cancel);
        for (var i = 0; i < receipts.Count; i++)
        {
            var answer = answers[places[i]] with { Id = receipts[i].Id.ToString() };
            answers[places[i]] = receipts[i].Outcome switch
            {
                CaptureOutcome.Duplicate => answer with { Status = StatusCodes.Status200OK },
                CaptureOutcome.Conflict => answer with
                {
                    Status = StatusCodes.Status409Conflict,
                    Problem = new LineProblem("/problems/" + Problems.Conflict.Code, Problems.Conflict.Title, "Another message with other content has this channel, account and id.", []),
                },
                _ => answer,
            };
        }
        var result = new BatchAnswer(
            answers.Count(a => a.Status == StatusCodes.Status201Created), answers.Count(a => a.Status == StatusCodes.Status200OK), answers.Count(a => a.Status >= 400), answers);
        return TypedResults.Json(result, statusCode: items.Count == 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    private static readonly ReadLine TooLong = new() { Errors = [new InputError("too-long", "", $"A line has at most {MaxMessageBytes} bytes.")] };

    private static LineAnswer Refused(int number, ReadLine line)
    {
        var (kind, detail) = Problems.Of(line.Errors);
        return new LineAnswer(number, kind.Status, null, line.Id, new LineProblem("/problems/" + kind.Code, kind.Title, detail, line.Errors));
    }

    /// <summary>Runs at most <see cref="MaxAtOnce"/> requests at once and turns what the desk says into an answer.</summary>
    internal static Task<IResult> LimitedAsync(Func<Task<IResult>> action, HttpContext http) => LimitedAsync(action, http, ref s_running, MaxAtOnce);

    /// <summary>The same with few places of their own for providers' webhooks, which anybody can reach: they never take the places of those who hold a token.</summary>
    internal static Task<IResult> LimitedWebhookAsync(Func<Task<IResult>> action, HttpContext http) => LimitedAsync(action, http, ref s_webhooks, MaxWebhooksAtOnce);

    private static Task<IResult> LimitedAsync(Func<Task<IResult>> action, HttpContext http, ref int running, int most)
    {
        if (Interlocked.Increment(ref running) > most)
        {
            Interlocked.Decrement(ref running);
            http.Response.Headers.RetryAfter = "1";
            return Task.FromResult<IResult>(Problems.Result(Problems.Overload, $"More than {most} requests are being taken at once."));
        }
        return most == MaxAtOnce ? AnswerAsync(action, http, static () => Interlocked.Decrement(ref s_running)) : AnswerAsync(action, http, static () => Interlocked.Decrement(ref s_webhooks));
    }

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> action, HttpContext http, Action leave)
    {
        try
        {
            return await action();
        }
        catch (CaptureUnavailableException e)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(e.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Problems.Result(e.IsOverload ? Problems.Overload : Problems.Unavailable, e.Message);
        }
        finally
        {
            leave();
        }
    }

    private static async Task<bool> MayAsync(ClaimsPrincipal user, IAuthorizationService authorization, string scope) => (await authorization.AuthorizeAsync(user, scope)).Succeeded;

    private static bool HasMediaType(HttpRequest request, string mediaType) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var given) && given.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The whole body, or null when it is longer than the limit.</summary>
    private static async Task<PooledBody?> ReadBodyAsync(HttpRequest request, int limit, CancellationToken cancel, bool gzip = false)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }
        if (!gzip)
        {
            return await ReadStreamAsync(request.Body, request.ContentLength ?? 65_536, limit, cancel);
        }
        using var compressed = await ReadStreamAsync(request.Body, request.ContentLength ?? 65_536, limit, cancel);
        if (compressed is null)
        {
            return null;
        }
        await using var decompressed = new GZipStream(new MemoryStream(compressed.Memory.ToArray()), CompressionMode.Decompress);
        var body = await ReadStreamAsync(decompressed, 65_536, limit, cancel);
        if (body is not null && !EndsWithLength(compressed.Memory.Span, body.Length))
        {
            body.Dispose();
            throw new InvalidDataException("The end of the compressed body is missing.");
        }
        return body;
    }

    /// <summary>Whether a gzip file of one member is there to its end: its last four bytes are the length of what was compressed (RFC 1952, 2.3.1). The stream itself does not mind a missing end.</summary>
    private static bool EndsWithLength(ReadOnlySpan<byte> compressed, int length) =>
        compressed.Length >= 18 && System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(compressed[^4..]) == (uint)length;

    private static async Task<PooledBody?> ReadStreamAsync(Stream stream, long expected, int limit, CancellationToken cancel)
    {
        var body = new PooledBody((int)Math.Min(limit, expected + 1));
        try
        {
            int read;
            while ((read = await stream.ReadAsync(body.Free(limit), cancel)) > 0)
            {
                body.Add(read);
                if (body.Length > limit)
                {
                    body.Dispose();
                    return null;
                }
            }
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Bytes in a rented array that grows.</summary>
    private sealed class PooledBody(int size) : IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(size);

        public int Length { get; private set; }

        public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

        /// <summary>Room for more, at least one byte.</summary>
        public Memory<byte> Free(int limit)
        {
            if (Length == _bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_bytes.Length * 2, limit + 1 + 65_536));
                _bytes.AsSpan(0, Length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
            return _bytes.AsMemory(Length);
        }

        public void Add(int count) => Length += count;

        public void Dispose()
        {
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
                _bytes = [];
            }
        }
    }
}
