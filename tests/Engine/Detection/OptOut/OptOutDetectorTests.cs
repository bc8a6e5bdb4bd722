using System.Text.Json;
using Surveillance.Detection;
using Surveillance.Detection.OptOut;
using Surveillance.Messages;
using Surveillance.Tests;

namespace Surveillance.Engine.Tests.Detection.OptOut;

public sealed class OptOutDetectorTests
{
    private static readonly OptOutDetector Small = new(new OptOutLists(
        Words: ["stop", "stop all", "退订"],
        Phrases: ["take me off your list", "unsubscrib* me", "不要再发"],
        Exceptions: ["stop loss", "don't take me off", "joint account"],
        Refusals: ["no more", "不想"],
        Subjects: ["promo*", "sales calls", "广告"]));

    [Theory]
    [InlineData("STOP")]
    [InlineData("stop.")]
    [InlineData("Stop please")]
    [InlineData("pls STOP, thanks!")]
    [InlineData("stop stop stop")]
    [InlineData("ＳＴＯＰ")]
    [InlineData("S\u200BTOP")]
    [InlineData("stop all")]
    [InlineData("退订")]
    [InlineData("请退订，谢谢")]
    [InlineData("Hello, kindly take me off your list. Regards, Jo")]
    [InlineData("TAKE ME\nOFF YOUR LIST")]
    [InlineData("unsubscribe me from it")]
    [InlineData("unsubscribing me took a year last time, do it now")]
    [InlineData("你们不要再发这种东西了")]
    [InlineData("No more of those PROMOTIONS on my phone")]
    [InlineData("sales calls, no more!")]
    [InlineData("我不想再看到广告")]
    public void IsOptOut_OptOut_IsTrue(string text) => Assert.True(IsOptOut(Small, text));

    [Theory]
    [InlineData("")]
    [InlineData("stop it")]
    [InlineData("stop at 4.20")]
    [InlineData("the bus stop")]
    [InlineData("stopped")]
    [InlineData("please don't take me off your list")]
    [InlineData("take me off your list of holders of the joint account")]
    [InlineData("take me off your hands")]
    [InlineData("no more trades today. Nice promo by the way")]
    [InlineData("no more money left and the bank that I went to last week had a promo")]
    [InlineData("the promo was good")]
    [InlineData("不想去上班")]
    [InlineData("> take me off your list\nthat was Bob's mail, please answer him")]
    public void IsOptOut_LookAlike_IsFalse(string text) => Assert.False(IsOptOut(Small, text));

    [Fact]
    public void IsOptOut_FirmWritesIt_IsFalse()
    {
        Assert.False(IsOptOut(Small, "stop", Direction.Outbound));
        Assert.False(IsOptOut(Small, "stop", Direction.Internal));
        Assert.False(IsOptOut(Small, "stop", Direction.Inbound, new Participant("a", Role.Employee)));
    }

    [Theory]
    [InlineData(Role.Client)]
    [InlineData(Role.External)]
    [InlineData(null)]
    public void IsOptOut_OutsiderWritesIt_IsTrue(Role? role) => Assert.True(IsOptOut(Small, "stop", Direction.Inbound, new Participant("a", role)));

    [Fact]
    public void IsOptOut_EmptyMailWithSubject_ReadsTheSubject()
    {
        using var message = new PreparedMessage(A.Message("", direction: Direction.Inbound, subject: "STOP"));
        Assert.True(Small.IsOptOut(message));
    }

    [Fact]
    public void IsOptOut_ManyMessages_AllocatesNothing()
    {
        var detector = Shipped();
        using var message = new PreparedMessage(A.Message("Could you call me about the fixed rate, and no more of the usual talk please, 不要 and stop loss", direction: Direction.Inbound));
        detector.IsOptOut(message);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            detector.IsOptOut(message);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void IsOptOut_HostileText_IsReadToTheEnd()
    {
        var text = string.Concat(Enumerable.Repeat("no more stop loss promo ", 20_000));
        Assert.False(IsOptOut(Small, text));
        Assert.True(IsOptOut(Small, text + ". Take me off your list"));
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData("unsubscribe pls")]
    [InlineData("opt me out")]
    [InlineData("remove me")]
    [InlineData("no more msgs")]
    [InlineData("please stop sending me your offers")]
    [InlineData("take my number off your marketing list")]
    [InlineData("I don't want any more of your promotional texts")]
    [InlineData("I object to direct marketing")]
    [InlineData("I withdraw my consent to marketing with effect from today")]
    [InlineData("Would you kindly cease the newsletter, I never read it")]
    [InlineData("not interested in receiving offers, only write about my account")]
    [InlineData("abmelden")]
    [InlineData("Bitte senden Sie mir keine Werbung mehr")]
    [InlineData("Ich widerspreche der Nutzung meiner Daten zu Werbezwecken")]
    [InlineData("Nehmen Sie mich bitte aus dem Verteiler")]
    [InlineData("désabonner")]
    [InlineData("Ne m'envoyez plus de publicité svp")]
    [InlineData("Je ne souhaite plus recevoir vos offres commerciales")]
    [InlineData("baja")]
    [InlineData("No me envíen más publicidad, por favor")]
    [InlineData("Quiero que me quiten de la lista de promociones")]
    [InlineData("sair")]
    [InlineData("Parem de me mandar propaganda")]
    [InlineData("Não quero mais receber ofertas por aqui")]
    [InlineData("cancellatemi")]
    [InlineData("Non voglio più ricevere pubblicità")]
    [InlineData("Tolga il mio numero dalla lista promozioni")]
    [InlineData("退订")]
    [InlineData("不要再给我发广告了")]
    [InlineData("请停止推送理财信息")]
    public void IsOptOut_ShippedLists_FindOptOuts(string text) => Assert.True(IsOptOut(Shipped(), text));

    [Theory]
    [InlineData("pls put a stop at 1.0850")]
    [InlineData("stop, o Zé não vem")]
    [InlineData("stop at 4.20 good till cancelled")]
    [InlineData("move my stop loss up to 88")]
    [InlineData("stop working the order")]
    [InlineData("please stop the standing order to the gym")]
    [InlineData("stop my card, I lost my wallet")]
    [InlineData("don't stop the newsletter, I enjoy it")]
    [InlineData("How do I unsubscribe if I ever want to?")]
    [InlineData("If I opt out, do I still get fraud alerts?")]
    [InlineData("I want to opt out of the workplace pension")]
    [InlineData("no more paper statements please")]
    [InlineData("no more trades today")]
    [InlineData("take my ex off the joint account")]
    [InlineData("remove him from the list of signatories")]
    [InlineData("You sent me that cashback offer, is it still on?")]
    [InlineData("I don't understand your offer, can you explain?")]
    [InlineData("Thanks for the offers, I'll take the first one")]
    [InlineData("not this time, ask me again in autumn")]
    [InlineData("I unsubscribed by mistake, add me back")]
    [InlineData("meet at the bus stop by the bank")]
    [InlineData("stop it 😂")]
    [InlineData("the bid stops at 99")]
    [InlineData("Bitte den Dauerauftrag stoppen")]
    [InlineData("Hiermit kündige ich meinen Bausparvertrag")]
    [InlineData("Bitte Stop-Loss bei 42 setzen")]
    [InlineData("Wie kann ich mich vom Newsletter abmelden?")]
    [InlineData("Arrêtez le virement au garage svp")]
    [InlineData("Je suis en arrêt maladie")]
    [InlineData("Non merci, pas cette fois")]
    [InlineData("Estoy de baja, ¿puedo firmar desde casa?")]
    [InlineData("Los tipos van a la baja")]
    [InlineData("Quiero cancelar la tarjeta")]
    [InlineData("Pare a transferência de ontem, errei o valor")]
    [InlineData("Quero cancelar meu cartão")]
    [InlineData("Fermi il bonifico di ieri")]
    [InlineData("Vorrei disdire la cassetta di sicurezza")]
    [InlineData("请停用我的银行卡")]
    [InlineData("基金定投先停三个月")]
    [InlineData("止损放在三块二")]
    [InlineData("怎么退订短信？")]
    public void IsOptOut_ShippedLists_LeaveLookAlikesAlone(string text) => Assert.False(IsOptOut(Shipped(), text));

    [Fact]
    public void From_MissingLexicon_IsEmpty()
    {
        var lists = OptOutLists.From(id => id == "opt-out-words" ? ["stop"] : null);
        Assert.Equal(["stop"], lists.Words);
        Assert.Empty(lists.Phrases);
        Assert.True(IsOptOut(new OptOutDetector(lists), "stop"));
    }

    private static bool IsOptOut(OptOutDetector detector, string text, Direction direction = Direction.Inbound, Participant? from = null)
    {
        using var message = new PreparedMessage(A.Message(text, direction: direction, from: from));
        return detector.IsOptOut(message);
    }

    private static OptOutDetector? s_shipped;

    private static OptOutDetector Shipped() => s_shipped ??= new OptOutDetector(OptOutLists.From(id =>
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Surveillance.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds Surveillance.sln.");
        }
        using var lexicon = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "rules", "lexicons", id + ".json")));
        return [.. lexicon.RootElement.GetProperty("phrases").EnumerateArray().Select(p => p.ValueKind == JsonValueKind.String ? p.GetString()! : p.GetProperty("text").GetString()!)];
    }));
}
