using System.Text;
using Surveillance.Capture;
using Surveillance.Capture.Channels;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Capture.Channels;

/// <summary>What every channel's adapter promises, over bodies written for these tests and, where this machine has them, over samples of others.</summary>
public abstract class ChannelContract
{
    /// <summary>Bodies written for the tests.</summary>
    protected abstract IReadOnlyList<string> Samples { get; }

    /// <summary>The folder of others' samples, under the data folder.</summary>
    protected abstract string ExternalSamples { get; }

    protected abstract ChannelBatch Read(ReadOnlyMemory<byte> body);

    protected abstract byte[] Restore(ReadOnlyMemory<byte> envelope, IReadOnlyList<ReadOnlyMemory<byte>> originals);

    [Fact]
    public void Read_EverySample_KeepsThePromises()
    {
        Assert.NotEmpty(Samples);
        foreach (var sample in Samples)
        {
            AssertPromises(Encoding.UTF8.GetBytes(sample));
        }
    }

    [Fact]
    public void Read_EveryExternalSample_KeepsThePromisesAndRefusesNothing()
    {
        var folder = SampleData.Folder(ExternalSamples);
        Assert.SkipWhen(folder is null, $"There are no samples: {ExternalSamples} is not in the data folder.");
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Where(IsSample).Order(StringComparer.Ordinal))
        {
            var batch = AssertPromises(File.ReadAllBytes(file));
            Assert.True(batch.Items.All(item => item.Rejection is null), Path.GetFileName(file));
        }
    }

    [Fact]
    public void Read_CutOffAnywhere_NeverThrowsAndLosesNothing()
    {
        foreach (var body in Samples.Select(Encoding.UTF8.GetBytes))
        {
            for (var length = 0; length < body.Length; length++)
            {
                AssertPromises(body[..length]);
            }
        }
    }

    [Fact]
    public void Read_BytesChangedAtRandom_NeverThrowsAndLosesNothing()
    {
        var random = new Random(20260504);
        var bodies = Samples.Select(Encoding.UTF8.GetBytes).ToArray();
        for (var round = 0; round < 4_000; round++)
        {
            var body = (byte[])bodies[round % bodies.Length].Clone();
            for (var change = 0; change < 1 + round % 4; change++)
            {
                body[random.Next(body.Length)] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)"\"\\{}[],:0u"[random.Next(10)], _ => (byte)' ' };
            }
            AssertPromises(body);
        }
    }

    protected virtual bool IsSample(string file) => Path.GetFileName(file) is var name && name[0] != '_' && name != "manifest.json";

    private ChannelBatch AssertPromises(byte[] body)
    {
        var batch = Read(body);
        foreach (var item in batch.Items)
        {
            Assert.Equal(1, (item.Message is null ? 0 : 1) + (item.Consent is null ? 0 : 1) + (item.Rejection is null ? 0 : 1));
            if (item.Message is { } message)
            {
                AssertReadsBack(message);
            }
        }
        Assert.Equal(body, Restore(batch.Envelope, [.. batch.Items.Select(item => item.Original)]));
        return batch;
    }

    private static void AssertReadsBack(CapturedMessage message)
    {
        var written = CapturedMessageJson.Write(message);
        var read = CapturedMessageJson.Read(written);
        Assert.Empty(read.Errors);
        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(CapturedMessageJson.Write(read.Message!)));
        Assert.Equal(message.Text, read.Message!.Text);
    }
}
