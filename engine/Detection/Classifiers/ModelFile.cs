using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Surveillance.Detection.Classifiers;

/// <summary>The numbers of a trained model and their form on disk.</summary>
/// <remarks>
/// <c>weights.bin</c>, little-endian: 8 bytes <c>SURVMODL</c>; SHA-256 of everything after it; then as 32-bit integers the
/// format version, <see cref="FeatureExtractor.Version"/>, the number of weights, the bias, and the threshold in thousandths;
/// <see cref="Steps"/> 32-bit sums, the least that scores 0.001, 0.002, … 0.999; one signed byte for each weight.
/// </remarks>
internal sealed class ModelFile
{
    /// <summary>How many steps the score has above 0.</summary>
    internal const int Steps = 999;

    private const int FormatVersion = 1;
    private const int HashAt = 8;
    private const int FieldsAt = HashAt + 32;
    private const int StepsAt = FieldsAt + 5 * 4;
    private const int WeightsAt = StepsAt + Steps * 4;

    /// <summary>Length of every model file.</summary>
    internal const int LengthBytes = WeightsAt + FeatureExtractor.Slots;

    /// <summary>One weight for each slot.</summary>
    internal required sbyte[] Weights { get; init; }

    /// <summary>What every sum starts from.</summary>
    internal required int Bias { get; init; }

    /// <summary>The score from which the model's author means yes, in thousandths.</summary>
    internal required int ThresholdThousandths { get; init; }

    /// <summary>The least sum of each score, in order; never falling.</summary>
    internal required int[] Sums { get; init; }

    private static ReadOnlySpan<byte> Magic => "SURVMODL"u8;

    /// <summary>Writes the model down.</summary>
    internal byte[] ToBytes()
    {
        var bytes = new byte[LengthBytes];
        Magic.CopyTo(bytes);
        int[] fields = [FormatVersion, FeatureExtractor.Version, Weights.Length, Bias, ThresholdThousandths];
        for (var i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(FieldsAt + 4 * i), fields[i]);
        }
        for (var i = 0; i < Steps; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(StepsAt + 4 * i), Sums[i]);
        }
        for (var i = 0; i < Weights.Length; i++)
        {
            bytes[WeightsAt + i] = (byte)Weights[i];
        }
        SHA256.HashData(bytes.AsSpan(FieldsAt), bytes.AsSpan(HashAt, 32));
        return bytes;
    }

    /// <summary>Reads a model.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="ModelFormatException">It is not a model, is cut short, was altered, or was made for another version.</exception>
    internal static ModelFile Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < StepsAt || !bytes[..HashAt].SequenceEqual(Magic))
        {
            throw new ModelFormatException("This is not a model file: it does not begin with SURVMODL. Train the model again.");
        }
        var fields = bytes[FieldsAt..];
        Expect(Field(fields, 0) == FormatVersion, $"The file has format version {Field(fields, 0)}; this program reads version {FormatVersion}. Train the model again.");
        Expect(bytes.Length == LengthBytes, $"The file has {bytes.Length} bytes instead of {LengthBytes}: it was cut short or something was added. Restore it or train the model again.");
        Expect(SHA256.HashData(fields).AsSpan().SequenceEqual(bytes.Slice(HashAt, 32)), "The file was altered: its content does not match the SHA-256 in its head. Restore it or train the model again.");
        Expect(Field(fields, 1) == FeatureExtractor.Version, $"The model was trained for features of version {Field(fields, 1)}; this program makes version {FeatureExtractor.Version}. Train the model again.");
        Expect(Field(fields, 2) == FeatureExtractor.Slots, $"The model has {Field(fields, 2)} weights instead of {FeatureExtractor.Slots}. Train the model again.");
        Expect(Field(fields, 4) is > 0 and < 1000, "The threshold is not between 0.001 and 0.999. Train the model again.");
        var sums = new int[Steps];
        for (var i = 0; i < Steps; i++)
        {
            sums[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(StepsAt + 4 * i)..]);
            Expect(i == 0 || sums[i] >= sums[i - 1], $"The calibration table falls at step {i + 1}. Train the model again.");
        }
        var weights = new sbyte[FeatureExtractor.Slots];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (sbyte)bytes[WeightsAt + i];
        }
        return new ModelFile { Weights = weights, Bias = Field(fields, 3), ThresholdThousandths = Field(fields, 4), Sums = sums };
    }

    private static int Field(ReadOnlySpan<byte> fields, int which) => BinaryPrimitives.ReadInt32LittleEndian(fields[(4 * which)..]);

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ModelFormatException(otherwise);
        }
    }
}
