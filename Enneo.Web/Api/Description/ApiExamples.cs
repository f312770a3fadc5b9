using System.Text.Json.Nodes;

namespace Enneo.Web.Api.Description;

/// <summary>What each request may look like.</summary>
internal static class ApiExamples
{
    private static readonly Dictionary<string, string> s_requests = new()
    {
        ["POST /ticket"] = """{"subchannelId":1,"from":"mia@example.com","fromName":"Mia","subject":"My order","body":"Where is it?","externalTicketId":"crm-17"}""",
        ["POST /ticket/search"] = """{"limit":20,"orderByField":"lastMessageAt","orderByDirection":"desc","filters":[{"key":"status","comparator":"in","values":["open","pending"]},{"key":"q","value":"parcel"}]}""",
        ["PATCH /ticket/{id}"] = """{"status":"closed","assignee":2,"tagIds":[4]}""",
        ["PATCH /ticket"] = """[{"id":17,"status":"closed"},{"id":18,"spamStatus":"manual_spam"}]""",
        ["POST /ticket/{id}/conversation/reply"] = """{"content":{"message":"It is on its way."},"cc":["copy@example.com"],"attachments":[{"name":"label.txt","base64":"SGVsbG8="}]}""",
        ["POST /ticket/{id}/forward"] = """{"toEmail":"carrier@example.net","body":"Please look into this."}""",
        ["POST /ticket/getLatest"] = """{"preferredDirection":"next","ticketId":17,"filters":[{"key":"subchannelId","value":1}]}""",
        ["POST /ticket/{id}/conversation/store"] = """{"direction":"in","content":{"message":"She called: still no parcel."},"externalConversationId":"call-9"}""",
        ["PATCH /ticket/{id}/conversation/{cid}"] = """{"content":{"message":"A better note"}}""",
        ["POST /ticket/{id}/conversation/{cid}/split"] = """{"with":[4712],"externalTicketId":"crm-18"}""",
        ["POST /ticket/{id}/conversation/{cid}/move"] = """{"ticketId":18}""",
        ["POST /ticket/{id}/reprocess"] = """{"scope":"newest","performActions":false}""",
        ["POST /ticket/{id}/merge"] = """{"ticketIds":[18]}""",
        ["POST /tag"] = """{"name":"Refunds","parent":3,"color":"red","properties":[]}""",
        ["PUT /tag/{id}"] = """{"name":"Refunds","color":"blue"}""",
        ["POST /webhook"] = """{"url":"https://crm.example.com/enneo","events":["TicketCreated","TicketClosed"],"mailboxIds":[1]}""",
        ["PUT /webhook/{id}"] = """{"url":"https://crm.example.com/enneo","active":true,"rotateSecret":true}""",
        ["POST /webhook/{id}/replay"] = """{"since":4711}""",
        ["POST /webhook/{id}/test"] = """{"event":"TicketCreated"}""",
        ["POST /hook/{id}"] = """{"issue":{"id":"4711","title":"The disk is full","reporter":"mia@example.com"},"text":"Please look."}""",
        ["POST /settings/subchannel"] = """{"name":"Support","data":{"method":"imap","address":"support@example.com","imap":{"host":"imap.example.com","port":993,"security":"tls","user":"support@example.com","password":"…"}}}""",
        ["POST /settings/subchannel/{id}/helpdesk"] = """{"name":"FreeScout","mails":[{"messageId":"<order-1@example.com>","ticket":"17","status":"closed","assignee":"anna@example.com","time":"2026-11-29 10:00:00"}]}""",
        ["PUT /settings/subchannel/{id}"] = """{"name":"Support","data":{"method":"api","address":"support@example.com"}}""",
    };

    public static JsonNode? Find(string route) => s_requests.TryGetValue(route, out var json) ? JsonNode.Parse(json) : null;
}
