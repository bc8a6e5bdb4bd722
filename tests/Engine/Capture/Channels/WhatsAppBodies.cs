namespace Surveillance.Engine.Tests.Capture.Channels;

/// <summary>Bodies as the WhatsApp Business Platform sends them, with people, numbers and words made up.</summary>
internal static class WhatsAppBodies
{
    /// <summary>Messages of one change.</summary>
    public static string Messages(params string[] messages) => Change("messages", $"\"messages\": [{string.Join(", ", messages)}]");

    /// <summary>One change with given members of its value.</summary>
    public static string Change(string field, string members, string number = "44 20 7946 0000") => $$"""
        { "object": "whatsapp_business_account", "entry": [ { "id": "77001", "changes": [ { "field": "{{field}}", "value": {
          "messaging_product": "whatsapp",
          "metadata": { "display_phone_number": "{{number}}", "phone_number_id": "55001" },
          "contacts": [ { "profile": { "name": "Clara Vogel" }, "wa_id": "4915112345678", "user_id": "DE.900" } ],
          {{members}} } } ] } ] }
        """;

    /// <summary>An incoming message of a type.</summary>
    public static string Message(string type, string content, string id = "wamid.A1", string more = "") =>
        $$"""{ "from": "4915112345678", "id": "{{id}}", "timestamp": "1777885920", "type": "{{type}}", {{more}}{{content}} }""";

    /// <summary>An incoming text; the text as JSON writes it, without quotes.</summary>
    public static string Text(string json, string id = "wamid.A1", string more = "") => Message("text", $$"""  "text": { "body": "{{json}}" }""", id, more);

    /// <summary>A status.</summary>
    public static string Status(string word, string more = "") =>
        $$"""{ "id": "wamid.OUT9", "status": "{{word}}", "timestamp": "1777886000", "recipient_id": "4915112345678"{{more}} }""";

    /// <summary>One of each.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Messages(Text("see you at ten"), Text("gr\\u00fc\\u00dfe \\ud83d\\ude00 \\ud83d", "wamid.A2"), Message("image", """ "image": { "id": "8", "caption": "the signed page" } """, "wamid.A3")),
        Change("messages", $"\"statuses\": [{Status("sent")}, {Status("read")}]"),
        Change("smb_message_echoes", """ "message_echoes": [ { "from": "442079460000", "to": "4915112345678", "id": "wamid.E1", "timestamp": "1777885920", "type": "text", "text": { "body": "on my way" } } ] """),
        Change("user_preferences", """ "user_preferences": [ { "wa_id": "4915112345678", "detail": "asked for it", "category": "marketing_messages", "value": "stop", "timestamp": 1777885920 } ] """),
        Change("history", """
            "history": [ { "metadata": { "phase": 0 }, "threads": [ { "id": "4915112345678", "messages": [
              { "from": "442079460000", "id": "wamid.H1", "timestamp": "1739230955", "type": "text", "text": { "body": "good morning" }, "history_context": { "status": "READ" } },
              { "from": "4915112345678", "id": "wamid.H2", "timestamp": "1739230956", "type": "media_placeholder" } ] } ] } ]
            """),
        Change("account_update", """ "event": "ACCOUNT_RESTRICTION" """),
    ];
}
