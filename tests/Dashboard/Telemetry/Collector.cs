using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Surveillance.Dashboard.Tests.Telemetry;

/// <summary>A span as it was sent; ids in hex.</summary>
internal sealed record SentSpan(string Trace, string Id, string Parent, string Name, IReadOnlyList<string> LinkedTraces);

/// <summary>An OTLP collector on loopback that speaks HTTP with protobuf and keeps what it gets.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body, string Headers)> _received = new();
    private readonly WebApplication _app;

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/{**path}", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _received.Enqueue((http.Request.Path, body.ToArray(), string.Join('\n', http.Request.Headers.Select(h => $"{h.Key}: {h.Value}"))));
            http.Response.ContentType = "application/x-protobuf";
        });
    }

    public string Url => _app.Urls.Single();

    public IReadOnlyList<(string Path, byte[] Body, string Headers)> Received => [.. _received];

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Every span: ExportTraceServiceRequest.resource_spans(1).scope_spans(2).spans(2).</summary>
    public IReadOnlyList<SentSpan> Spans() =>
    [
        .. from body in Received.Where(r => r.Path == "/v1/traces").Select(r => (ReadOnlyMemory<byte>)r.Body)
           from resource in Parts(body, 1)
           from scope in Parts(resource, 2)
           from span in Parts(scope, 2)
           select new SentSpan(Hex(span, 1), Hex(span, 2), Hex(span, 4), System.Text.Encoding.UTF8.GetString(Parts(span, 5).Single().Span), [.. Parts(span, 13).Select(link => Hex(link, 1))]),
    ];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Hex(ReadOnlyMemory<byte> message, int field) => Parts(message, field) is [var value, ..] ? Convert.ToHexStringLower(value.Span) : "";

    /// <summary>The values of a length-delimited field of a protobuf message.</summary>
    private static List<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> message, int wanted)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        var at = 0;
        while (at < message.Length)
        {
            var key = Varint(message.Span, ref at);
            switch (key & 7)
            {
                case 0: Varint(message.Span, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    if ((int)(key >> 3) == wanted)
                    {
                        parts.Add(message.Slice(at, length));
                    }
                    at += length;
                    break;
                default: throw new FormatException("no protobuf");
            }
        }
        return parts;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}
