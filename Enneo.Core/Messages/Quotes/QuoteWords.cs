namespace Enneo.Core.Messages.Quotes;

internal enum HeaderField
{
    From,
    Date,
    To,
    Cc,
    Subject,
}

/// <summary>What mailers write around quotes, in the languages they speak. Compared in lower case.</summary>
internal static class QuoteWords
{
    public static readonly Dictionary<string, HeaderField> Fields = Table(
        (HeaderField.From, "from|von|de|da|van|fra|från|od|lähettäjä|от|від|发件人|寄件者|寄件人|差出人|보낸 사람|kimden|gönderen|feladó|από|absender|expéditeur|mittente|remitente|remetente|afzender|nadawca|отправитель|odesílatel|de la"),
        (HeaderField.Date, "date|sent|sent on|gesendet|gesendet am|datum|datum/uhrzeit|envoyé|envoyé le|date d'envoi|message du|enviado|enviado el|enviado em|enviada em|fecha|data|inviato|inviato il|verzonden|verzonden op|sendt|skickat|dato|lähetetty|päivämäärä|wysłano|wysłane|дата|отправлено|надіслано|发送时间|日期|寄件日期|送信日時|日時|보낸 날짜|날짜|tarih|gönderildi|odesláno|elküldve|dátum|ημερομηνία|trimis"),
        (HeaderField.To, "to|an|empfänger|à|a|destinataire|para|destinatario|aan|til|till|vastaanottaja|кому|收件人|宛先|받는 사람|kime|címzett|komu|do|προς|către"),
        (HeaderField.Cc, "cc|kopie|kopie an|copie|copie à|kopi|kopia|copia|dw|копия|копія|抄送|副本|참조|bilgi|másolatot kap|κοιν."),
        (HeaderField.Subject, "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|temat|тема|主题|主旨|件名|제목|konu|tárgy|předmět|aihe|θέμα|subiect"));

    /// <summary>They stand between dashes.</summary>
    public static readonly string[] OriginalMessage =
    [
        "original message", "original appointment", "ursprüngliche nachricht", "originalnachricht", "ursprünglicher termin", "original-nachricht",
        "message d'origine", "message d’origine", "message original", "mensaje original", "mensagem original", "messaggio originale", "oorspronkelijk bericht",
        "origineel bericht", "oprindelig besked", "oprindelig meddelelse", "opprinnelig melding", "ursprungligt meddelande", "alkuperäinen viesti",
        "wiadomość oryginalna", "oryginalna wiadomość", "исходное сообщение", "původní zpráva", "eredeti üzenet", "orijinal mesaj", "原始邮件", "原始郵件",
        "original email", "replied message", "antwort an", "reply message",
    ];

    public static readonly string[] ForwardedMessage =
    [
        "forwarded message", "begin forwarded message", "weitergeleitete nachricht", "anfang der weitergeleiteten", "message transféré", "message réexpédié",
        "mensaje reenviado", "mensagem encaminhada", "mensagem reencaminhada", "messaggio inoltrato", "doorgestuurd bericht", "videresendt", "videresendte",
        "vidarebefordrat", "välitetty viesti", "przekazana wiadomość", "wiadomość przekazana", "пересылаемое сообщение", "переадресованное сообщение",
        "forwarded by", "weitergeleitet von", "转发邮件", "転送メッセージ", "iletilmiş ileti", "iletilen mesaj", "přeposlaná zpráva", "továbbított üzenet",
    ];

    /// <summary>"wrote", wherever in the line it stands.</summary>
    public static readonly string[] Wrote =
    [
        "wrote", "writes", "schrieb", "geschrieben", "a écrit", "ha scritto", "escribió", "ha escrit", "escreveu", "schreef", "skrev", "napisał", "napisała",
        "napisał(a)", "napsal", "napsala", "napsal(a)", "írta", "kirjoitti", "написал", "написала", "написал(а)", "пишет", "написав", "написала", "yazdı",
        "写道", "寫道", "έγραψε", "a scris", "je napisao", "rašė",
    ];

    /// <summary>How a signature that a telephone wrote begins or ends.</summary>
    public static readonly string[] SentFrom =
    [
        "sent from", "get outlook", "download outlook", "gesendet mit", "gesendet von", "gesendet aus", "holen sie sich outlook", "outlook für", "laden sie outlook",
        "envoyé de", "envoyé depuis", "envoyé à partir", "obtenez outlook", "télécharger outlook", "enviado desde", "enviado do", "enviado de", "obtener outlook",
        "obter o outlook", "inviato da", "scarica outlook", "ottieni outlook", "verzonden vanaf", "verstuurd vanaf", "verzonden met", "outlook voor", "sendt fra",
        "hent outlook", "skickat från", "hämta outlook", "wysłane z", "wysłano z", "pobierz program outlook", "отправлено с", "отправлено из", "відправлено з",
        "надіслано з", "odesláno z", "von meinem", "von meiner",
    ];

    /// <summary>What such a signature names; without one of them it may be a sentence.</summary>
    public static readonly string[] Devices =
    [
        "phone", "ipad", "ipod", "android", "samsung", "galaxy", "blackberry", "handy", "mobil", "tablet", "tablette", "huawei", "xiaomi", "redmi", "pixel", "nokia",
        "motorola", "oneplus", "htc", "wiko", "lg ", "sony", "outlook", "mail", "yahoo", "proton", "typeapp", "windows", "apple watch", "macbook", "telefon",
        "téléphone", "teléfono", "telefono", "telefoon", "телефон", "iphon",
    ];

    private static Dictionary<string, HeaderField> Table(params ReadOnlySpan<(HeaderField Field, string Names)> fields)
    {
        Dictionary<string, HeaderField> table = new(StringComparer.Ordinal);
        foreach (var (field, names) in fields)
        {
            foreach (var name in names.Split('|'))
            {
                table.TryAdd(name, field);
            }
        }

        return table;
    }
}
