using System.Collections.Frozen;
using Surveillance.Text;

namespace Surveillance.Detection.Pii;

/// <summary>Groups of words that speak for or against PII types. Values combine as a set.</summary>
[Flags]
internal enum WordGroup : ulong
{
    None = 0,
    /// <summary>Names of telephones and lines.</summary>
    Phone = 1,
    /// <summary>Ways to reach somebody, by telephone or not.</summary>
    Contact = 1 << 1,
    /// <summary>Payment cards.</summary>
    Card = 1 << 2,
    /// <summary>International bank account numbers and what moves money by them.</summary>
    Iban = 1 << 3,
    /// <summary>Accounts with a number of their own.</summary>
    Account = 1 << 4,
    /// <summary>Hosts and networks.</summary>
    Network = 1 << 5,
    /// <summary>The sixth version of the Internet protocol, by name.</summary>
    Ipv6 = 1 << 6,
    /// <summary>Web sites.</summary>
    Web = 1 << 7,
    /// <summary>Orders, references and other running numbers.</summary>
    Order = 1 << 8,
    /// <summary>Versions, sections and other dotted numbers.</summary>
    Version = 1 << 9,
    /// <summary>Instants and dates.</summary>
    Time = 1 << 10,
    /// <summary>Amounts and their units.</summary>
    Amount = 1 << 11,
    /// <summary>Places with a telephone: they count right beside a number only.</summary>
    Place = 1 << 14,
    /// <summary>The international bank account number, by name.</summary>
    IbanName = 1 << 15,
    /// <summary>Denials.</summary>
    Negation = 1 << 12,
    /// <summary>Likenesses: what a denial denies.</summary>
    Likeness = 1 << 13,
}

/// <summary>The context words, in the languages of the markets served. Whole words, folded; two words count as a pair.</summary>
internal static class Words
{
    private static readonly (WordGroup Group, string List)[] Lists =
    [
        (WordGroup.Phone,
            "phone, phones, telephone, tel, tele, ph, mobile, mob, cell, cellphone, cellular, landline, fax, telefax, hotline, helpline, switchboard, voicemail, extension, whatsapp, viber, pager, area code, phone number, toll free, direct line, direct dial, "
            + "telefon, telefonnummer, telefonnr, rufnummer, handy, handynummer, handynr, mobilnummer, mobil, mobiltelefon, festnetz, durchwahl, diensthandy, tel nr, vorwahl, "
            + "téléphone, télephone, tél, portable, gsm, fixe, télécopie, indicatif, "
            + "teléfono, telefono, tlf, tfno, móvil, movil, celular, cel, fijo, "
            + "telefone, telemóvel, telemovel, fone, celular, zap, de área, "
            + "cellulare, cell, recapito, fisso, centralino, "
            + "telefoon, telefoonnummer, mobiel, gsm-nummer, vaste lijn, mobilen, telefonen, telefonnumret, mobilnummeret, tlf, puhelin, puhelinnumero, matkapuhelin, puh, komórka, komórkowy, telefonu, mobilní, telefonszám, telefonom, telefonu, telefonum, cep, gsm, τηλέφωνο, κινητό, "
            + "телефон, телефона, тел, моб, мобильный, сотовый, факс, телефону, мобільний, "
            + "电话, 手机, 电话号, 座机, 传真, 手机号, 来电, 区号, 分机, 電話, 手機, 傳真, 电話, 携帯, 携帯電話, 固定電話, ファックス, 전화, 전화번호, 휴대폰, 핸드폰, 연락처, 팩스, फोन, मोबाइल, هاتف, جوال, موبايل, تلفون, טלפון, נייד, โทร, โทรศัพท์, điện thoại, telepon, nomor hp, no hp, whatsappnummer"),
        (WordGroup.Place, "office, desk, home, work, main, reception, büro, zentrale, bureau, accueil, domicile, oficina, casa, escritório, ufficio, kantoor, kontor, työ, 办公室, 公司, 家里"),
        (WordGroup.Contact,
            "my number, your number, his number, her number, their number, my num, your num, mon numéro, ton numéro, son numéro, votre numéro, mon num, ton num, mi número, tu número, su número, meu número, seu número, mio numero, tuo numero, suo numero, meine nummer, deine nummer, ihre nummer, seine nummer, mijn nummer, jouw nummer, uw nummer, mój numer, twój numer, "
            + "call, calls, calling, called, caller, ring, ringing, dial, dialling, dialing, text, texts, texting, txt, sms, mms, message, messages, messaging, msg, reach, reached, contact, answering, answer, callback, signal, telegram, wechat, imessage, facetime, ping, buzz, "
            + "anrufen, anruf, ruf, ruft, rufe, rufen, erreichbar, erreichen, erreichst, erreicht, melde, melden, zurückrufen, "
            + "appelle, appeler, appelez, appelez-moi, rappeler, rappelez, joindre, joignable, contacter, contactez, "
            + "llama, llamar, llámame, llámeme, llame, llamada, contacto, contactar, ligar, ligue, liga, ligação, contato, contacto, recado, "
            + "chiama, chiamare, chiamami, chiamate, chiamata, contattare, contatto, bel, bellen, ring, ringe, soita, zadzwoń, dzwonić, zavolej, arayın, ara, "
            + "позвони, позвоните, звоните, звони, наберите, 打给, 拨打, 致电, 联系, 打电, 撥打, 聯絡, 聯繫, 回电, 短信, 연락"),
        (WordGroup.Card,
            "card, cards, cc, credit, debit, visa, mastercard, amex, american express, discover, maestro, diners, jcb, unionpay, cvv, cvc, cvv2, pan, cardholder, prepaid, expiring, expires, exp, expiry, atm, "
            + "karte, kreditkarte, kreditkartennummer, kartennummer, debitkarte, girocard, ec-karte, prüfziffer, "
            + "carte, carte bleue, carte bancaire, cb, cryptogramme, tarjeta, tarjetas, cartão, cartao, carta di, cartes, creditcard, kaart, kaartnummer, betaalkaart, kort, kortnummer, kreditkort, betalkort, kortti, karta, kartę, karty, kredi kartı, kart, kártya, "
            + "карта, карты, карту, картой, 卡号, 银行卡, 信用卡, 借记卡, 储蓄卡, 刷卡, 卡號, 銀行卡, カード, クレジットカード, 카드, 카드번호, कार्ड"),
        (WordGroup.Iban,
            "iban, ibans, bic, swift, bank, banking, wire, transfer, beneficiary, payee, remit, remittance, account, refund, payout, deposit, "
            + "konto, kontonummer, bankverbindung, überweisung, überweisen, empfänger, girokonto, compte, rib, virement, banque, bénéficiaire, cuenta, transferencia, banco, beneficiario, conta, transferência, favorecido, conto, bonifico, banca, beneficiario, rekening, rekeningnummer, overboeking, kontonr, bankkonto, tili, rachunek, przelew, účet, hesap, számla, счет, счёт, 账号, 账户, 汇款, 转账, 帳號, 匯款, 口座"),
        (WordGroup.IbanName, "iban, ibans"),
        (WordGroup.Account, "account, acct, a/c, acc, konto, kontonummer, kontonr, compte, cuenta, conta, conto, rekening, rekeningnummer, 账号, 账户, 帐号, 帳號, 口座, 계좌, счет, счёт, sort code, routing, aba"),
        (WordGroup.Network, "ip, ips, ipv4, ipv6, address, addresses, server, servers, host, hosts, hostname, localhost, ping, dns, gateway, subnet, netmask, router, firewall, vpn, proxy, ssh, lan, wan, network, login from, client_ip, adresse, adresses, ip-adresse, serveur, servidor, dirección, endereço, indirizzo, rechner, 地址, 服务器, 网关, 主机, 伺服器, ip地址"),
        (WordGroup.Ipv6, "ipv6, v6, ip, ips, 地址"),
        (WordGroup.Web, "website, websites, site, sites, web, webpage, homepage, page, url, link, links, visit, visiting, browse, browser, domain, blog, online at, webseite, seite, internetseite, besuchen, besuch, lien, liens, visitez, visitar, visita, visite, página, pagina, enlace, sitio, sito, acesse, acessar, webbplats, сайт, ссылка, 网址, 网站, 官网, 访问, 链接, 網址, 網站, 連結, サイト, リンク"),
        (WordGroup.Order,
            "order, orders, ref, reference, tracking, track, invoice, invoices, ticket, policy, booking, reservation, confirmation, serial, sku, id, ids, isin, cusip, sedol, lei, figi, shipment, parcel, awb, po, contract, transaction, txn, trade, batch, barcode, gtin, ean, upc, isbn, imei, license, licence, registration, passport, ssn, npi, omb, form, formula, sequence, meter, vin, mrn, zip, postcode, job, bug, issue, commit, build, employee, member, membership, customer number, customer id, case number, case id, case no, part number, part no, model, deal id, company number, "
            + "bestellung, bestellnummer, bestellnr, auftrag, auftragsnummer, rechnung, rechnungsnummer, rechnungsnr, sendung, sendungsnummer, vorgangsnummer, kundennummer, vertragsnummer, aktenzeichen, referenz, artikelnummer, seriennummer, wkn, "
            + "commande, facture, référence, dossier, colis, suivi, réf, série, siret, siren, pedido, factura, referencia, expediente, seguimiento, serie, nif, nota fiscal, fatura, referência, rastreio, protocolo, cpf, cnpj, ordine, fattura, riferimento, pratica, spedizione, partita iva, bestelling, factuur, ordre, faktura, zamówienie, objednávka, sipariş, fatura, rendelés, "
            + "заказ, заказа, счёт-фактура, 订单, 单号, 订单号, 发票, 编号, 快递, 运单, 流水号, 序列号, 身份证, 訂單, 單號, 發票, 注文, 注文番号, 주문"),
        (WordGroup.Version, "version, versions, v, ver, vers, release, releases, build, firmware, software, driver, kernel, update, upgrade, upgraded, patch, section, sections, chapter, clause, paragraph, article, figure, oid, versión, versão, versione, abschnitt, kapitel, punkt, ziffer, 版本, 章节, バージョン"),
        (WordGroup.Time, "timestamp, timestamps, ts, epoch, unixtime, unix time, millis, milliseconds, 时间戳"),
        (WordGroup.Amount, "usd, eur, gbp, chf, jpy, cny, rmb, hkd, sgd, aud, cad, inr, brl, dollars, dollar, euro, euros, pounds, francs, yen, rupees, shares, share, units, lots, contracts, barrels, mmbtu, mwh, kwh, kg, tons, tonnes, million, billion, mio, mrd, mn, bn, percent, pct, bps, price, priced, amount, total, balance, qty, quantity, volume, notional, strike, stück, aktien, betrag, preis, montant, prix, actions, precio, importe, acciones, preço, valor, ações, prezzo, importo, azioni, 元, 万元, 股, 金额, 价格"),
        (WordGroup.Negation, "not, isn't, aren't, doesn't, don't, never, no, nicht, kein, keine, pas, no es, não, nao, non, niet, 不是, 不像, 并非, 看起来不, 不为"),
        (WordGroup.Likeness, "look, looks, like, seem, seems, sequence, valid, sieht, ressemble, parece, sembra, lijkt, 像, 看起来"),
    ];

    /// <summary>Words of running numbers, instants and amounts: they speak against every type that does not ask for them.</summary>
    internal static readonly string[] Running = (
        "order, orders, tracking, track, invoice, invoices, ticket, booking, reservation, confirmation, sku, isin, cusip, sedol, lei, figi, shipment, parcel, awb, contract, transaction, txn, trade, trades, batch, barcode, gtin, ean, "
        + "upc, isbn, issn, doi, omb, form, formula, sequence, meter, job, bug, issue, commit, build, part number, part no, model, deal id, deal, version, versions, ver, release, firmware, software, driver version, kernel, patch, section, "
        + "chapter, clause, paragraph, figure, timestamp, timestamps, ts, epoch, unixtime, unix time, millis, milliseconds, usd, eur, gbp, chf, jpy, cny, rmb, dollars, euro, euros, pounds, shares, units, lots, barrels, mmbtu, mwh, kwh, "
        + "kg, tonnes, million, billion, mio, mrd, percent, pct, bps, price, amount, total, balance, qty, quantity, volume, notional, strike, message id, msgid, case number, case no, po, ref, reference, "
        + "bestellung, bestellnummer, auftrag, auftragsnummer, rechnung, rechnungsnummer, sendung, sendungsnummer, vorgangsnummer, kundennummer, vertragsnummer, aktenzeichen, referenz, artikelnummer, seriennummer, betrag, preis, "
        + "commande, facture, référence, dossier, colis, suivi, montant, prix, pedido, factura, referencia, expediente, seguimiento, importe, precio, nota fiscal, fatura, referência, rastreio, protocolo, preço, valor, "
        + "ordine, fattura, riferimento, pratica, spedizione, importo, prezzo, bestelling, factuur, faktura, zamówienie, objednávka, sipariş, "
        + "订单, 单号, 订单号, 发票, 快递, 运单, 流水号, 序列号, 訂單, 單號, 發票, 注文, 注文番号, 주문, 版本, 时间戳, 金额, 价格").Split(", ");

    private static readonly FrozenSet<ulong> Abbreviations = ((string[])["mio", "mn", "bn"]).Select(w => Folding.HashToken(w)).ToFrozenSet();

    private static readonly FrozenSet<ulong> UnitHashes = (
        "usd eur gbp chf jpy cny rmb hkd sgd aud cad inr brl dollars euro euros pounds francs yen rupees shares units lots contracts barrels mmbtu mwh kwh kg tons tonnes "
        + "million millions billion mio mrd mn bn bps percent pct stück aktien actions acciones ações azioni").Split(' ').Select(w => PreparedText.Of(w).Tokens[0].Hash).ToFrozenSet();

    /// <summary>Whether a token is a unit that makes an amount of the number right before it.</summary>
    /// <param name="hash">Hash of the token.</param>
    internal static bool IsUnit(ulong hash) => UnitHashes.Contains(hash);

    /// <summary>Whether a token is an abbreviation of a unit that is another word as well: a unit only right behind a digit.</summary>
    /// <param name="text">Folded text.</param>
    /// <param name="token">The token.</param>
    internal static bool IsOtherThanUnit(ReadOnlySpan<char> text, Token token)
    {
        if (token.End - token.Start > 3 || !Abbreviations.Contains(token.Hash)) { return false; }
        var before = token.Start - 1;
        if (before >= 0 && text[before] == ' ') { before--; }
        return before < 0 || !char.IsAsciiDigit(text[before]);
    }

    private static readonly FrozenDictionary<ulong, WordGroup> Index = BuildIndex();

    /// <summary>The longest run of characters of a script without blanks that is one word here.</summary>
    internal const int LongestUnspaced = 4;

    /// <summary>The groups that a word belongs to.</summary>
    /// <param name="hash">Hash of its token.</param>
    internal static WordGroup GroupsOf(ulong hash) => Index.TryGetValue(hash, out var groups) ? groups : WordGroup.None;

    /// <summary>The groups that two words in a row belong to.</summary>
    /// <param name="first">Hash of the first token.</param>
    /// <param name="second">Hash of the second token.</param>
    internal static WordGroup GroupsOfPair(ulong first, ulong second) => GroupsOf(Pair(first, second));

    private static ulong Pair(ulong first, ulong second) => (first * 0x9E3779B97F4A7C15) ^ (second + (first >> 23));

    private static FrozenDictionary<ulong, WordGroup> BuildIndex()
    {
        var index = new Dictionary<ulong, WordGroup>();
        foreach (var (group, list) in Lists)
        {
            foreach (var word in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var prepared = PreparedText.Of(word);
                var tokens = prepared.Tokens;
                var unspaced = (tokens[0].Flags & TokenFlags.Unspaced) != 0;
                var hash = unspaced ? Folding.HashToken(prepared.Folded)
                    : tokens.Length == 1 ? tokens[0].Hash
                    : Pair(tokens[0].Hash, tokens[1].Hash);
                index[hash] = index.GetValueOrDefault(hash) | group;
            }
        }
        return index.ToFrozenDictionary();
    }
}
