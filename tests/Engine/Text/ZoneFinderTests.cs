using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Surveillance.Text;

namespace Surveillance.Engine.Tests.Text;

public sealed class ZoneFinderTests
{
    /// <summary>Checks the zones of a text in which <c>‹a›</c>, <c>‹q›</c>, <c>‹s›</c>, <c>‹d›</c>, <c>‹f›</c> mark where each begins.</summary>
    private static void AssertZones(string marked)
    {
        var text = new StringBuilder();
        var expected = new StringBuilder();
        foreach (var piece in marked.Split('‹', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(piece.AsSpan(2));
            expected.Append('‹').Append(piece);
        }
        var actual = new StringBuilder();
        foreach (var zone in ZoneFinder.Find(text.ToString()))
        {
            var letter = zone.Zone switch { Zones.Authored => 'a', Zones.Quoted => 'q', Zones.Signature => 's', Zones.Disclaimer => 'd', Zones.Forwarded => 'f', _ => '?' };
            actual.Append('‹').Append(letter).Append('›').Append(text.ToString(), zone.Span.Start, zone.Span.Length);
        }
        Assert.Equal(expected.ToString(), actual.ToString());
    }

    [Theory]
    [InlineData("‹a›Yes, Tuesday works.\n\n‹q›> Shall we say Tuesday?\n> Or Wednesday?")]
    [InlineData("‹q›> Shall we say Tuesday?\n\n‹a›Yes.\n‹q›> And the fee?\n‹a›Two per cent.")]
    [InlineData("‹q›>> first\n> second\n‹a›third")]
    [InlineData("‹a›Sounds right to me.\r\n\r\n‹q›On Tue, 3 Mar 2026 at 09:12, Ines Carvalho <ines@example.org> wrote:\r\n\r\n> The terms are attached.\r\n")]
    [InlineData("‹a›Sounds right.\n\n‹q›On Tue, 3 Mar 2026 at 09:12, Ines Carvalho\n<ines@example.org> wrote:\n> The terms are attached.")]
    [InlineData("‹a›Sounds right.\n\n‹q›On Tue, 3 Mar 2026 at\n09:12, Ines Carvalho\n<ines@example.org> wrote:\nThe terms are attached.\nIt is long.")]
    [InlineData("‹a›Fine.\n\n‹q›On Mar 3, 2026, at 9:12 AM, \"Carvalho, Ines\" <ines@example.org> wrote:\nThe terms are attached.")]
    [InlineData("‹a›Fine.\n\n‹q›Ines Carvalho wrote:\n> The terms are attached.")]
    [InlineData("‹a›Passt.\n\n‹q›Am 03.03.2026 um 09:12 schrieb Ines Carvalho <ines@example.org>:\n> Anbei der Entwurf.")]
    [InlineData("‹a›Passt.\n\n‹q›Am Di., 3. März 2026 um 09:12 Uhr schrieb Ines Carvalho <\nines@example.org>:\n> Anbei der Entwurf.")]
    [InlineData("‹a›D'accord.\n\n‹q›Le mar. 3 mars 2026 à 09:12, Ines Carvalho <ines@example.org> a écrit :\n> Voici le projet.")]
    [InlineData("‹a›De acuerdo.\n\n‹q›El mar, 3 mar 2026 a las 9:12, Ines Carvalho (<ines@example.org>) escribió:\n> Adjunto el borrador.")]
    [InlineData("‹a›Combinado.\n\n‹q›Em ter., 3 de mar. de 2026 às 09:12, Ines Carvalho <ines@example.org> escreveu:\n> Segue a minuta.")]
    [InlineData("‹a›Va bene.\n\n‹q›Il giorno mar 3 mar 2026 alle ore 09:12 Ines Carvalho <ines@example.org> ha scritto:\n> Ecco la bozza.")]
    [InlineData("‹a›Akkoord.\n\n‹q›Op di 3 mrt 2026 om 09:12 schreef Ines Carvalho <ines@example.org>:\n> Bijgaand.")]
    [InlineData("‹a›可以。\n\n‹q›Ines Carvalho <ines@example.org> 于2026年3月3日周二 09:12写道：\n> 附件是草稿。")]
    [InlineData("‹a›可以。\n\n‹q›在 2026年3月3日，09:12，Ines Carvalho <ines@example.org> 写道：\n附件是草稿。")]
    [InlineData("‹a›はい。\n\n‹q›2026年3月3日(火) 9:12 Ines Carvalho <ines@example.org>:\n> 添付です。")]
    [InlineData("‹a›Хорошо.\n\n‹q›03.03.2026 09:12 пользователь \"Ines\" <\nines@example.org> написал:\n> Проект во вложении.")]
    [InlineData("‹a›  Agreed.\n‹q›  On Tuesday, March 3, 2026, 09:12:44 AM GMT, Ines Carvalho <ines@example.org> wrote:  \n\nThe terms are attached.")]
    public void Find_Quote_EndsTheAuthoredWords(string marked) => AssertZones(marked);

    [Theory]
    [InlineData("‹a›Agreed.\n\n‹q›From: Ines Carvalho\nSent: Tuesday, 3 March 2026 09:12\nTo: Paul Adeyemi\nSubject: Terms\n\nThe terms are attached.")]
    [InlineData("‹a›Agreed.\n‹q›________________________________\nFrom: Ines Carvalho <ines@example.org>\nSent: 3 March 2026 09:12\nTo: Paul Adeyemi <paul@example.org>;\n Mia Holt <mia@example.org>\nSubject: Terms\n\nThe terms are attached.")]
    [InlineData("‹a›Agreed.\n\n‹q›*From:* Ines Carvalho [mailto:ines@example.org]\n*Sent:* 3 March 2026\n*To:* Paul\n*Subject:* Terms\n\nHello")]
    [InlineData("‹a›Passt.\n\n‹q›Von: Ines Carvalho\nGesendet: Dienstag, 3. März 2026 09:12\nAn: Paul Adeyemi\nBetreff: Konditionen\n\nAnbei.")]
    [InlineData("‹a›D'accord.\n\n‹q›De : Ines Carvalho\nEnvoyé : mardi 3 mars 2026 09:12\nÀ : Paul Adeyemi\nObjet : Conditions\n\nVoici.")]
    [InlineData("‹a›De acuerdo.\n\n‹q›De: Ines Carvalho\nEnviado el: martes, 3 de marzo de 2026 9:12\nPara: Paul Adeyemi\nAsunto: Condiciones\n\nAdjunto.")]
    [InlineData("‹a›Combinado.\n\n‹q›De: Ines Carvalho\nEnviada em: terça-feira, 3 de março de 2026 09:12\nPara: Paul Adeyemi\nAssunto: Condições\n\nSegue.")]
    [InlineData("‹a›Va bene.\n\n‹q›Da: Ines Carvalho\nInviato: martedì 3 marzo 2026 09:12\nA: Paul Adeyemi\nOggetto: Condizioni\n\nEcco.")]
    [InlineData("‹a›可以。\n\n‹q›发件人: Ines Carvalho\n发送时间: 2026年3月3日 9:12\n收件人: Paul Adeyemi\n主题: 条款\n\n见附件。")]
    [InlineData("‹a›可以。\n\n‹q›发件人：Ines Carvalho <ines@example.org>\n日期：2026年3月3日\n收件人：Paul\n主题：条款\n见附件。")]
    [InlineData("‹a›Agreed.\n\n‹q›-----Original Message-----\nFrom: Ines\nSent: 3 March 2026\nSubject: Terms\n\nHello")]
    [InlineData("‹a›Agreed.\n\n‹q›----- Original Message -----\nwhatever follows")]
    [InlineData("‹a›Passt.\n\n‹q›-------- Ursprüngliche Nachricht --------\nVon: Ines\n\nAnbei.")]
    [InlineData("‹a›可以。\n\n‹q›------------------ 原始邮件 ------------------\n发件人: \"Ines\" <ines@example.org>;\n\n见附件。")]
    public void Find_HeaderBlock_EndsTheAuthoredWords(string marked) => AssertZones(marked);

    [Theory]
    [InlineData("‹a›See below.\n\n‹f›---------- Forwarded message ---------\nFrom: Ines Carvalho <ines@example.org>\nDate: Tue, 3 Mar 2026 at 09:12\nSubject: Terms\nTo: <paul@example.org>\n\nThe terms are attached.\nRegards\nInes")]
    [InlineData("‹a›See below.\n\n‹f›Begin forwarded message:\n\n> From: Ines Carvalho <ines@example.org>\n> Subject: Terms\n>\n> The terms are attached.\n\n‹a›Call me about it.")]
    [InlineData("‹f›> Anfang der weitergeleiteten Nachricht:\n>\n> Von: Ines <ines@example.org>\n>\n> Anbei.")]
    [InlineData("‹a›Zur Info.\n\n‹f›-------- Weitergeleitete Nachricht --------\nBetreff: \tKonditionen\n\nAnbei.")]
    [InlineData("‹a›Pour info.\n\n‹f›---------- Message transféré ---------\nDe : Ines\n\nVoici.")]
    [InlineData("‹a›Para tu información.\n\n‹f›---------- Mensaje reenviado ---------\nDe: Ines\n\nAdjunto.")]
    [InlineData("‹a›Para conhecimento.\n\n‹f›---------- Mensagem encaminhada ---------\nDe: Ines\n\nSegue.")]
    [InlineData("‹a›Per conoscenza.\n\n‹f›---------- Messaggio inoltrato ---------\nDa: Ines\n\nEcco.")]
    [InlineData("‹a›请看。\n\n‹f›---------- 转发的邮件 ---------\n发件人：Ines\n\n见附件。")]
    [InlineData("‹f›From: Ines Carvalho <ines@example.org>\nDate: Tuesday, 3 March 2026 at 09:12\nTo: paul@example.org\nSubject: Terms\nThe terms are attached.")]
    [InlineData("‹f›   ----- Forwarded Message ----- From: Ines <ines@example.org>To: paul@example.orgSent: Tuesday\n The terms are attached.")]
    public void Find_Forward_IsSomebodyElsesWords(string marked) => AssertZones(marked);

    [Theory]
    [InlineData("‹a›The figures are attached.\n\n‹s›-- \nInes Carvalho\nTreasury")]
    [InlineData("‹a›The figures are attached.\n\n‹s›Best regards,\nInes Carvalho\nTreasury\nM: 07700 900456 | WhatsApp: +44 7700 900456")]
    [InlineData("‹a›The figures are attached.\n‹s›Thanks,\nInes")]
    [InlineData("‹a›Anbei die Zahlen.\n\n‹s›Mit freundlichen Grüßen\n\nInes Carvalho")]
    [InlineData("‹a›Voici les chiffres.\n\n‹s›Cordialement,\nInès")]
    [InlineData("‹a›Adjunto las cifras.\n\n‹s›Un saludo,\nInés")]
    [InlineData("‹a›Seguem os números.\n\n‹s›Atenciosamente,\nInês")]
    [InlineData("‹a›Ecco i dati.\n\n‹s›Cordiali saluti\nInes")]
    [InlineData("‹a›数据见附件。\n\n‹s›此致\n敬礼\n王芳")]
    [InlineData("‹a›On my way.\n\n‹s›Sent from my iPhone")]
    [InlineData("‹a›On my way.\n‹s›Sent from my Galaxy S25, please excuse typos")]
    [InlineData("‹a›Bin unterwegs.\n\n‹s›Von meinem iPhone gesendet")]
    [InlineData("‹a›J'arrive.\n\n‹s›Envoyé de mon iPad")]
    [InlineData("‹a›Estoy en camino.\n\n‹s›Enviado desde mi iPhone")]
    [InlineData("‹a›Estou a caminho.\n\n‹s›Enviado do meu iPhone")]
    [InlineData("‹a›Arrivo.\n\n‹s›Inviato da iPhone")]
    [InlineData("‹a›在路上。\n\n‹s›发自我的iPhone")]
    [InlineData("‹a›On my way.\n\n‹s›Get Outlook for iOS\n‹q›________________________________\nFrom: Paul <paul@example.org>\nSubject: Where\n\nWhere?")]
    [InlineData("‹a›The figures are attached.\n\n‹s›Ines Carvalho\nTel: +44 20 7946 0000\nMobile: +44 7700 900456")]
    [InlineData("‹a›The figures are attached.\n\n‹s›Kind regards\nInes\n\n‹q›> Where are they?")]
    public void Find_Signature_IsTold(string marked) => AssertZones(marked);

    [Theory]
    [InlineData("‹a›The figures are attached.\n\n‹d›This e-mail and any attachments are confidential. Please tell us if they reached you by mistake.")]
    [InlineData("‹a›The figures are attached. ‹d›If you are not the intended recipient, you may not copy this message.")]
    [InlineData("‹a›The figures are attached.\n\n‹s›Regards\nInes\n\n‹d›If you are not the intended\nrecipient, tell the sender.\nYou may not copy it.")]
    [InlineData("‹d›CAUTION: This email originated from outside of the firm.\n\n‹a›Can we talk today?")]
    [InlineData("‹a›Anbei die Zahlen.\n\n‹d›Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Angaben.")]
    [InlineData("‹a›Voici les chiffres.\n\n‹d›Ce message et toutes les pièces jointes sont réservés à leur lecteur.")]
    [InlineData("‹a›Adjunto las cifras.\n\n‹d›Si usted no es el destinatario, le rogamos que nos avise.")]
    [InlineData("‹a›Seguem os números.\n\n‹d›Se você não é o destinatário, avise-nos.")]
    [InlineData("‹a›Ecco i dati.\n\n‹d›Se non siete il destinatario, vi preghiamo di avvisarci.")]
    [InlineData("‹a›数据见附件。\n\n‹d›本邮件及其附件含有我公司的保密信息，仅供收件人使用。")]
    [InlineData("‹a›Spring rates are here.\n\n‹d›You are receiving this email because you have an account with us. Unsubscribe here.")]
    [InlineData("‹a›Neue Zinsen sind da.\n\n‹d›Sie möchten keine weiteren E-Mails? Hier abmelden.")]
    [InlineData("‹a›Please review.\n\n‹d›Please consider the environment before printing this mail.")]
    [InlineData("‹a›See you there.\n\n‹d›_______________________________________________\nRunners mailing list\nhttps://lists.example.org/runners")]
    public void Find_Disclaimer_IsTold(string marked) => AssertZones(marked);

    [Theory]
    [InlineData("ok")]
    [InlineData("From: London\nTo: Paris\nDate: 4 May")]
    [InlineData("To: you, from: me")]
    [InlineData("> 5 million is my limit")]
    [InlineData(">:( not again")]
    [InlineData("He wrote:\nI will be late")]
    [InlineData("12 clients wrote:\nwhere is my money")]
    [InlineData("Thanks\nCan you send it today?")]
    [InlineData("thanks\ntext me on my whatsapp")]
    [InlineData("Please send it.\nBest\ncall my private number instead")]
    [InlineData("Best regards\nInes")]
    [InlineData("Here is how you reach me:\nPhone: 07700 900123\nEmail: ines@example.org")]
    [InlineData("Call me there\nWhatsApp: +44 7700 900456")]
    [InlineData("M: 07700 900456 | WhatsApp: +44 7700 900456")]
    [InlineData("Here it is\n\nSent from my desk, quicker than my mobile phone.")]
    [InlineData("the deck contains confidential information, do not forward it")]
    [InlineData("please unsubscribe me from everything")]
    [InlineData("Hi,\n\nI want to unsubscribe from this list, please.\n\nIt is too much.")]
    [InlineData("Part one\n--\nPart two goes on at some length, as a second part does when the first has said too little about the matter.")]
    [InlineData("Re: the loan\nI can pay on Friday")]
    [InlineData("On 3 March the board wrote off the loan: the details follow\nbelow")]
    [InlineData("-------\nnext topic\n-------\nlast topic")]
    public void Find_ChatLine_IsAuthored(string text)
    {
        var zone = Assert.Single(ZoneFinder.Find(text));
        Assert.Equal(new ZonedSpan(new TextSpan(0, text.Length), Zones.Authored), zone);
    }

    [Fact]
    public void Find_EmptyText_GivesNoZone() => Assert.Empty(ZoneFinder.Find(""));

    [Fact]
    public void Find_AnyText_CoversItWithoutGapsAndWithoutEqualNeighbours()
    {
        string[] pieces = ["> ", "\n", "\r\n", "On 3 May 2026 x@y.org wrote:", "From: a@b.org", "Subject: x", "-- ", "Regards", "Ines", "Sent from my iPhone", "not the intended recipient", ". ", "________", "\u200B", "你好", "\uD83D", " ", "-----Original Message-----", "to unsubscribe", ":"];
        var texts = Gen.ArrayOf(Gen.Elements(pieces)).Select(p => string.Concat(p)).ToArbitrary();
        Prop.ForAll(texts, text =>
        {
            var at = 0;
            var last = Zones.None;
            foreach (var zone in ZoneFinder.Find(text))
            {
                Assert.Equal(at, zone.Span.Start);
                Assert.True(zone.Span.End > at);
                Assert.NotEqual(last, zone.Zone);
                (at, last) = (zone.Span.End, zone.Zone);
            }
            Assert.Equal(text.Length, at);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Shapes that would take a careless reader quadratic time, which is hours at this length; each takes well under a second here.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("> x\n")]
    [InlineData("On 3 May 2026\n")]
    [InlineData("From: a@b.org;\n")]
    [InlineData("x")]
    [InlineData(">")]
    [InlineData("not the intended recipient")]
    [InlineData(".")]
    [InlineData("Regards\nInes\n> x\n")]
    [InlineData("________________________\n")]
    [InlineData("\n")]
    [InlineData("--\n")]
    [InlineData("T: 020 7946 0000 | ")]
    public async Task Find_HostileText_TakesLinearTime(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        Assert.NotEmpty(await Task.Run(() => ZoneFinder.Find(text), TestContext.Current.CancellationToken));
    }
}
