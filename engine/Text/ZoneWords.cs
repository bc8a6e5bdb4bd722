using System.Buffers;

namespace Surveillance.Text;

/// <summary>The words by which mail programs and people mark quotes, forwards, signatures and boilerplate, folded.</summary>
internal static class ZoneWords
{
    /// <summary>Names of the header lines that a mail program repeats above a quoted or forwarded mail.</summary>
    internal static readonly Dictionary<string, HeaderField> Headers = Fields(
        (HeaderField.From, "from, von, de, da, van, fra, från, od, od kogo, nadawca, от, от кого, від, від кого, lähettäjä, gönderen, kimden, feladó, šalje, pošiljatelj, expeditor, expeditorul, de la, expéditeur, remitente, remetente, mittente, afzender, absender, avsändare, odosielateľ, odesílatel, 发件人, 寄件者, 寄件人, 差出人, 送信者, 보낸 사람, 보낸사람"),
        (HeaderField.Sent, "sent, date, sent on, datum, gesendet, gesendet am, envoyé, envoyé le, date d'envoi, fecha, enviado, enviado el, enviada em, enviado em, data, inviato, verzonden, sendt, dato, skickat, datum, wysłano, data, отправлено, дата, дата отправления, надіслано, päivämäärä, päiväys, lähetetty, tarih, gönderildi, dátum, elküldve, odesláno, odoslané, dată, trimis, poslano, 日期, 发送时间, 发送日期, 时间, 傳送時間, 寄件日期, 日時, 送信日時, 보낸 날짜, 날짜"),
        (HeaderField.To, "to, an, à, a, para, aan, til, till, do, komu, кому, vastaanottaja, kime, alıcı, címzett, prima, primatelj, către, destinatar, destinatarul, destinataire, destinatario, destinatário, empfänger, ontvanger, odbiorca, adresát, 收件人, 收件者, 宛先, 받는 사람, 받는사람"),
        (HeaderField.Copy, "cc, bcc, kopie, kopie (cc), copie, copie à, cópia, copia, kopi, kopia, kopio, kópia, dw, bilgi, másolat, másolatot kap, копия, копія, 抄送, 副本, ｃｃ, 참조"),
        (HeaderField.Subject, "subject, re, betreff, objet, sujet, asunto, assunto, oggetto, onderwerp, emne, ämne, aihe, konu, temat, předmět, predmet, тема, тема письма, subiect, subiectul, tárgy, naslov, 主题, 主題, 主旨, 件名, 제목"));

    /// <summary>What stands between dashes above a mail that is passed on.</summary>
    internal static readonly string[] Forwarded = Phrases(
        "forwarded message, forwarded by, weitergeleitete nachricht, weitergeleitete e-mail, message transféré, message transmis, message réexpédié, mensaje reenviado, mensagem encaminhada, mensagem reencaminhada, messaggio inoltrato, doorgestuurd bericht, videresendt meddelelse, videresendt besked, videresendt melding, vidarebefordrat meddelande, välitetty viesti, edelleenlähetetty viesti, przesłana wiadomość, wiadomość przekazana, przekazana wiadomość, přeposlaná zpráva, preposlaná správa, továbbított üzenet, iletilen ileti, iletilmiş mesaj, yönlendirilen ileti, пересылаемое сообщение, пересланное сообщение, перенаправленное сообщение, переслане повідомлення, перенаправлене повідомлення, mesaj redirecționat, mesaj redirecţionat, proslijeđena poruka, 转发的邮件, 转发邮件, 转发的消息, 转发邮件信息, 轉寄郵件, 轉寄的郵件, 転送メッセージ, 転送されたメッセージ, 전달된 메시지");

    /// <summary>What stands between dashes above a mail that is answered.</summary>
    internal static readonly string[] Original = Phrases(
        "original message, original appointment, ursprüngliche nachricht, originalnachricht, message d'origine, message original, courriel original, mensaje original, mensagem original, messaggio originale, oorspronkelijk bericht, origineel bericht, oprindelig meddelelse, opprinnelig melding, ursprungligt meddelande, originalmeddelande, alkuperäinen viesti, oryginalna wiadomość, wiadomość oryginalna, původní zpráva, pôvodná správa, eredeti üzenet, orijinal mesaj, özgün ileti, исходное сообщение, оригинальное сообщение, оригінальне повідомлення, mesaj original, mesajul original, izvorna poruka, 原始邮件, 原始郵件, 原邮件, 邮件原件, 原始消息, 元のメッセージ, 원본 메시지");

    /// <summary>Whole lines, without their colon, above a mail that is passed on.</summary>
    internal static readonly string[] BeginForwarded = Phrases(
        "begin forwarded message, forwarded message, anfang der weitergeleiteten nachricht, anfang der weitergeleiteten e-mail, début du message réexpédié, début du message transféré, inicio del mensaje reenviado, início da mensagem encaminhada, início da mensagem reencaminhada, inizio messaggio inoltrato, begin doorgestuurd bericht, start på videresendt besked, start på videresendt meddelelse, videresendt melding, vidarebefordrat brev, vidarebefordrat mejl, välitetty viesti alkaa, początek przekazywanej wiadomości, začátek přeposílané zprávy, začiatok preposlanej správy, továbbított levél kezdete, ileti başlangıcı, начало переадресованного сообщения, початок листа що пересилається, începe mesajul redirecționat, započni proslijeđenu poruku, 开始转发的邮件, 以下是转发的邮件, 開始轉寄郵件, 転送されたメッセージ, 전달된 메시지 시작");

    /// <summary>Words at which the line above a quote may begin.</summary>
    internal static readonly string[] AttributionStarts = Phrases("on, am, le, el, em, a, il, il giorno, op, den, på, dnia, w dniu, dne, dňa, v, ve, в, у, la, pe, u, ma, 在, date, at, quoting, citando, lainaus");

    /// <summary>Words with which the line above a quote ends, before its colon.</summary>
    internal static readonly string[] AttributionEnds = Phrases(
        "wrote, writes, has written, schrieb, schrieb folgendes, geschrieben, a écrit, écrit, escribió, escribio, escreveu, ha scritto, scrive, scritto, geschreven, schreef, skrev, skrev følgende, napisał, napisała, napisał(a), pisze, napsal, napsala, napsal(a), napísal, napísala, napísal(a), kirjoitti, írta, ezt írta, yazdı, şunu yazdı, şunları yazdı, пишет, написал, написала, написал(а), пише, написав, написав(ла), писав, a scris, je napisao, je napisala, je napisao(la), napisao je, 写道, 寫道, 来信, 的邮件, のメール, は書きました, 书写, 작성, 님이 작성");

    /// <summary>Words inside the line above a quote, where the writer's name follows them.</summary>
    internal static readonly string[] AttributionMiddles = Phrases("schrieb, schreef, skrev, wrote, kirjoitti, napsal, napisał");

    /// <summary>Closing words that open a signature, each a whole line but for its punctuation.</summary>
    internal static readonly HashSet<string> Closings = [.. Phrases(
        "best, best regards, best wishes, all the best, kind regards, kindest regards, warm regards, warmest regards, many regards, with regards, with kind regards, with best regards, regards, rgds, kr, br, brgds, yours, yours sincerely, yours faithfully, yours truly, sincerely, sincerely yours, respectfully, cheers, thanks, thanks again, thanks a lot, thanks and regards, thanks & regards, thank you, thank you and regards, many thanks, with thanks, with many thanks, ta, take care, speak soon, talk soon, "
        + "mit freundlichen grüßen, mit freundlichem gruß, mit besten grüßen, mit vielen grüßen, mit herzlichen grüßen, freundliche grüße, beste grüße, viele grüße, liebe grüße, herzliche grüße, schöne grüße, mfg, lg, vg, bg, gruß, grüße, hochachtungsvoll, danke, vielen dank, danke und gruß, vielen dank und viele grüße, "
        + "cordialement, bien cordialement, très cordialement, bien à vous, bien à toi, salutations, sincères salutations, meilleures salutations, amicalement, respectueusement, bonne journée, merci, merci d'avance, cdt, cdlt, "
        + "saludos, un saludo, saludos cordiales, un cordial saludo, cordialmente, atentamente, atte, muy atentamente, un abrazo, gracias, muchas gracias, "
        + "atenciosamente, cumprimentos, com os melhores cumprimentos, melhores cumprimentos, abraços, abraço, um abraço, att, obrigado, obrigada, "
        + "saluti, cordiali saluti, distinti saluti, cari saluti, un saluto, un caro saluto, cordialmente, grazie, grazie mille, "
        + "met vriendelijke groet, met vriendelijke groeten, vriendelijke groet, groeten, groet, mvg, bedankt, "
        + "med venlig hilsen, venlig hilsen, mvh, med vänliga hälsningar, vänliga hälsningar, hälsningar, med vennlig hilsen, vennlig hilsen, hilsen, ystävällisin terveisin, terveisin, "
        + "z poważaniem, pozdrawiam, serdecznie pozdrawiam, s pozdravem, s pozdravom, üdvözlettel, saygılarımla, saygılar, с уважением, з повагою, cu stimă, srdačan pozdrav, "
        + "此致, 此致敬礼, 敬礼, 敬上, 敬启, 谨启, 顺祝商祺, 祝商祺, 顺颂商祺, 祝好, 祝顺, 祝工作顺利, 谢谢, 多谢, 感谢, 此致敬禮, 敬禮, 謝謝, 順頌商祺, よろしくお願いします, よろしくお願いいたします, 敬具, 감사합니다")];

    /// <summary>How the line begins that a telephone or mail program puts below a message.</summary>
    internal static readonly string[] SentFrom = Phrases(
        "sent from my, sent from, sent via, sent with, get outlook for, von meinem, von meiner, gesendet von, gesendet mit, gesendet über, diese nachricht wurde von meinem, envoyé de mon, envoyé de, envoyé depuis, envoyé à partir de, enviado desde, enviado do, enviado de, enviado a partir de, inviato da, inviato dal, verzonden vanaf, verstuurd vanaf, verzonden met, sendt fra, skickat från, skickat med, lähetetty, wysłane z, wysłano z, odesláno z, odoslané z, iphone'umdan gönderildi, отправлено с, отправлено из, надіслано з, trimis de pe, küldve, 发自我的, 发自, 從我的, 寄自, 傳送自我的, 从我的, 來自我的, iphoneから送信, 나의");

    /// <summary>What such a line must name.</summary>
    internal static readonly string[] Devices = Phrases(
        "iphone, ipad, ipod, android, blackberry, samsung, galaxy, huawei, xiaomi, pixel, nokia, oneplus, oppo, vivo, honor, redmi, smartphone, mobile, phone, handy, handheld, mobil, telefon, telefono, teléfono, téléphone, celular, móvil, tablet, outlook, yahoo, protonmail, proton mail, gmail, hotmail, mail for windows, windows mail, aol, sparrow, spark, gmx, web.de, mailmaster, qq邮箱, 网易, 手机, 邮箱, 小米, 华为, mac, bluemail, thunderbird, boxer");

    /// <summary>Labels in front of a number or address of a contact line.</summary>
    internal static readonly HashSet<string> ContactLabels = [.. Phrases(
        "t, tel, tel., telefon, telephone, téléphone, teléfono, telefone, telefono, phone, ph, p, m, mob, mob., mobile, mobil, móvil, celular, cellulare, portable, cell, c, handy, f, fax, e, email, e-mail, mail, correo, w, web, www, website, d, direct, direct line, dd, ddi, direkt, durchwahl, o, office, büro, bureau, oficina, desk, main, switchboard, whatsapp, wa, wechat, weixin, skype, telegram, signal, line, linkedin, bloomberg, tf, toll free, 手机, 电话, 座机, 微信, 邮箱, 电邮, 传真, 直线, 手機, 電話, 傳真, 携帯, 전화, тел, тел., моб, моб., факс, почта")];

    /// <summary>Words of which one is enough to make the rest of its paragraph a disclaimer, from its sentence on.</summary>
    internal static readonly SearchValues<string> Disclaimers = Search(
        "not the intended recipient", "not an intended recipient", "not the named addressee", "not the addressee", "other than the intended recipient", "intended solely for the", "intended exclusively for the",
        "solely for the use of the individual", "sole use of the intended recipient", "sole use of the addressee", "confidentiality notice", "confidentiality note:", "e-mail and any attachments", "email and any attachments",
        "e-mail and any files transmitted", "email and any files transmitted", "e-mail and its attachments", "email and its attachments", "email (including any attachments)", "e-mail (including any attachments)", "e-mail, including any attachments", "email, including any attachments",
        "message and any attachments", "message (including any attachments)", "message, including any attachments", "communication and any attachments", "this transmission is intended", "this transmission may contain",
        "received this message in error", "received this e-mail in error", "received this email in error", "received this communication in error", "received this transmission in error", "received this mail in error", "receive this email in error", "receive this e-mail in error", "receive this message in error",
        "guaranteed to be secure or error", "this e-mail originated from outside", "this email originated from outside", "this message originated from outside", "email originated from outside",
        "nicht der richtige adressat", "nicht der beabsichtigte empfanger", "nicht der vorgesehene empfanger", "nicht der bestimmungsgemasse empfanger", "vertrauliche und/oder rechtlich", "diese e-mail irrtumlich", "diese e-mail versehentlich", "diese mail irrtumlich", "unbefugte weitergabe dieser", "unerlaubte kopieren",
        "message et toutes les pieces jointes", "message et ses pieces jointes", "n'etes pas le destinataire", "netes pas le destinataire", "etabli a l'intention exclusive", "recu ce message par erreur", "recevez ce message par erreur", "recu cet e-mail par erreur",
        "no es el destinatario", "no es usted el destinatario", "este mensaje va dirigido", "recibido este mensaje por error", "recibido este correo por error", "recibe este mensaje por error", "aviso de confidencialidad",
        "nao e o destinatario", "nao for o destinatario", "nao seja o destinatario", "recebeu esta mensagem por engano", "recebido esta mensagem por engano", "aviso de confidencialidade",
        "non siete il destinatario", "non e il destinatario", "ricevuto questo messaggio per errore", "ricevuto questa mail per errore", "ricevuto la presente per errore", "avviso di riservatezza",
        "niet de geadresseerde", "niet de beoogde ontvanger", "ikke er rette modtager", "inte ar avsedd mottagare",
        "不是预期收件人", "非预期收件人", "不是指定收件人", "并非指定收件人", "不是本邮件的收件人", "并非本邮件的收件人", "错收了本邮件", "错误收到本邮件", "误收本邮件", "误收此邮件", "错收此邮件", "错收本邮件", "本邮件及其附件", "本邮件及附件", "此邮件及其附件", "此邮件及附件", "本電子郵件及", "本郵件及其附件", "非指定收件人");

    /// <summary>Words of which two make the rest of their paragraph a disclaimer; one alone may well be the sender's own.</summary>
    internal static readonly SearchValues<string> WeakDisclaimers = Search(
        "intended only for", "intended recipient", "for the addressee", "may contain confidential", "may contain privileged", "may contain information that is confidential", "contains confidential information", "is confidential and may", "is confidential and intended", "confidential and/or privileged", "confidential and privileged", "privileged and confidential", "privileged and/or confidential", "legally privileged",
        "accept liability", "accepts no liability", "accept no liability", "accepts no responsibility", "accept responsibility for", "monitor e-mail", "monitors e-mail", "monitor email", "notify the sender", "notify us immediately", "contact the sender immediately", "delete it from your system", "delete this e-mail", "delete this email", "delete the message", "destroy all copies", "unauthorised use", "unauthorized use", "unauthorised disclosure", "unauthorized disclosure", "unauthorized review", "strictly prohibited", "viruses",
        "before printing", "consider the environment", "think before you print", "do not click links", "do not click on links", "open attachments unless",
        "authorised and regulated by", "authorized and regulated by", "regulated by the financial conduct authority", "registered office", "registered in england", "registration number", "registered number", "member finra", "sipc", "not an offer to", "informational purposes only", "past performance is not",
        "vertrauliche information", "ausschliesslich fur den adressaten", "vernichten sie diese", "informieren sie bitte sofort den absender", "sofort den absender", "sitz der gesellschaft", "registergericht", "handelsregister", "amtsgericht", "geschaftsfuhrer", "vorsitzender des aufsichtsrat", "ust-id", "umwelt",
        "strictement confidentiel", "informations confidentielles", "destine exclusivement", "avertir l'expediteur", "l'expediteur", "toute utilisation non autorisee", "l'environnement", "d'imprimer",
        "dirigido unicamente", "dirigido exclusivamente", "informacion confidencial", "informacion privilegiada y confidencial", "notifique al remitente", "queda prohibida", "antes de imprimir", "medio ambiente",
        "informacoes confidenciais", "informacao confidencial", "avise o remetente", "remetente imediatamente", "uso nao autorizado",
        "informazioni riservate", "informazioni confidenziali", "destinato esclusivamente", "avvisare il mittente", "il mittente", "d.lgs. 196", "prima di stampare",
        "vertrouwelijke informatie", "uitsluitend bestemd voor", "fortrolige oplysninger", "konfidentiell information", "保密信息", "机密信息", "立即通知发件人", "通知发件人", "删除本邮件", "删除此邮件", "未经授权", "严禁");

    /// <summary>Words that open the footer of bulk mail.</summary>
    internal static readonly SearchValues<string> BulkFooters = Search(
        "to unsubscribe", "unsubscribe here", "unsubscribe from this", "unsubscribe from our", "unsubscribe at any time", "click here to unsubscribe", "here to unsubscribe", "unsubscribe |", "| unsubscribe", "unsubscribe link", "unsubscribe<http", "unsubscribe http", "unsubscribe: http", "manage your preferences", "update your preferences", "manage preferences", "manage your subscription", "email preferences", "view in browser", "view this email in your browser", "view it in your browser",
        "you are receiving this email because", "you are receiving this e-mail because", "you received this email because", "you received this message because", "you're receiving this email because", "youre receiving this email because", "this email was sent to", "this message was sent to", "this e-mail was sent to", "no longer wish to receive", "do not wish to receive further", "don't want to receive these", "if you did not sign up to receive",
        "newsletter abmelden", "vom newsletter abzumelden", "sie erhalten diese e-mail", "diese e-mail wurde an", "keine weiteren e-mails", "hier abmelden", "abmelden |", "abbestellen", "se desabonner", "vous desabonner", "me desinscrire", "vous desinscrire", "vous recevez cet e-mail", "vous recevez ce message", "ne plus recevoir", "darse de baja", "cancelar la suscripcion", "cancelar su suscripcion", "dejar de recibir", "recibe este correo porque", "cancelar a inscricao", "cancelar inscricao", "descadastrar", "deixar de receber", "annulla iscrizione", "annullare l'iscrizione", "disiscriverti", "cancellarsi", "non desideri piu ricevere", "uitschrijven", "退订", "取消订阅", "取消訂閱", "如不想再收到");

    /// <summary>Words that make a paragraph a plea instead of a footer: somebody asks to be taken off a list.</summary>
    internal static readonly SearchValues<string> Pleas = Search("unsubscribe me", "want to unsubscribe", "like to unsubscribe", "wish to unsubscribe", "please unsubscribe", "trying to unsubscribe", "tried to unsubscribe", "how do i unsubscribe", "i unsubscribe", "i no longer wish", "we no longer wish", "i do not wish", "i don't want", "mochte ich", "je souhaite", "je veux", "quiero", "quero ", "voglio", "我要退订", "我想退订", "请退订", "帮我退订");

    internal static string FoldPhrase(string phrase) => Folding.Fold(phrase.Trim());

    private static string[] Phrases(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(FoldPhrase).Distinct()];

    private static SearchValues<string> Search(params string[] phrases) => SearchValues.Create([.. phrases.Select(Folding.Fold)], StringComparison.Ordinal);

    private static Dictionary<string, HeaderField> Fields(params (HeaderField Field, string Names)[] lists)
    {
        var fields = new Dictionary<string, HeaderField>();
        foreach (var (field, names) in lists)
        {
            foreach (var name in Phrases(names))
            {
                fields.TryAdd(name, field);
            }
        }
        return fields;
    }
}

/// <summary>What a header line of a repeated mail says. Values combine as a set.</summary>
[Flags]
internal enum HeaderField
{
    None = 0,
    From = 1,
    Sent = 2,
    To = 4,
    Copy = 8,
    Subject = 16,
}
