using System.Text;
using System.Text.Json;
using Surveillance.Capture.Channels.WhatsApp;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Capture.Channels;

public sealed class WebhookSignatureTests
{
    // RFC 4231 test case 2.
    private const string Secret = "Jefe";
    private const string Body = "what do ya want for nothing?";
    private const string Hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    [Fact]
    public void Verify_Rfc4231Case2_Fits() => Assert.True(Verify(Secret, Body, "sha256=" + Hex));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Hex)]
    [InlineData("sha1=" + Hex)]
    [InlineData("sha256=")]
    [InlineData("sha256=" + Hex + "00")]
    [InlineData("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec384")]
    [InlineData("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3842")]
    [InlineData("sha256=zzdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [InlineData("sha256= " + Hex)]
    public void Verify_AnythingElse_DoesNotFit(string? header) => Assert.False(Verify(Secret, Body, header));

    [Theory]
    [InlineData("Jeff", Body)]
    [InlineData("", Body)]
    [InlineData(Secret, Body + " ")]
    public void Verify_OtherSecretOrBody_DoesNotFit(string secret, string body) => Assert.False(Verify(secret, body, "sha256=" + Hex));

    [Fact]
    public void Verify_VectorsOfOthers()
    {
        var folder = SampleData.Folder("capture/whatsapp-webhook");
        Assert.SkipWhen(folder is null, "There are no samples: capture/whatsapp-webhook is not in the data folder.");
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "_signature_vectors.json")));
        var secret = vectors.RootElement.GetProperty("app_secret").GetString()!;
        bool Fits(JsonElement vector) => WebhookSignature.Verify(
            secret, File.ReadAllBytes(Path.Combine(folder, vector.GetProperty("file").GetString()!)), vector.GetProperty("x_hub_signature_256").GetString());

        Assert.All(vectors.RootElement.GetProperty("vectors").EnumerateArray(), v => Assert.True(Fits(v)));
        Assert.True(Fits(vectors.RootElement.GetProperty("escaped_body")));
        Assert.All(vectors.RootElement.GetProperty("negative").EnumerateArray(), v => Assert.False(Fits(v)));
    }

    private static bool Verify(string secret, string body, string? header) => WebhookSignature.Verify(secret, Encoding.UTF8.GetBytes(body), header);
}
