using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Dashboard.Description;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Conversations;

/// <summary>Archived messages for programs.</summary>
internal static class MessagesApi
{
    internal static void MapMessagesApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(Scopes.MessagesRead);
        api.MapGet("/messages/{id}", FindAsync).Describe(MessageOperations.Find);
        api.MapGet("/messages/{id}/original", Original).Describe(MessageOperations.Original);
        api.MapGet("/conversations/{id}", ConversationAsync).Describe(MessageOperations.Conversation);
    }

    private static async Task<IResult> FindAsync(string id, IMessageReader messages, IMessageArchive archive, CancellationToken cancel) =>
        OpaqueId.TryParse(id, out var key) && await messages.FindAsync(key, cancel) is { } found
            ? TypedResults.Json(MessageAnswer.Of(found, archive.FindOriginal(key)))
            : Problems.Result(Problems.NotFound, "No message was kept under this id.");

    private static IResult Original(string id, IMessageArchive archive) =>
        OpaqueId.TryParse(id, out var key) && archive.FindOriginal(key) is { Entry.Kind: EntryKind.Message or EntryKind.Conflict or EntryKind.Unreadable } found
            ? TypedResults.Bytes(found.Original, "application/octet-stream")
            : Problems.Result(Problems.NotFound, "No message was kept under this id.");

    private static async Task<IResult> ConversationAsync(string id, long? around, int? before, int? after, IMessageReader messages, CancellationToken cancel)
    {
        if (before is < 0 or > 200 || after is < 0 or > 200)
        {
            return Problems.Result(Problems.BadRequest, "`before` and `after` are numbers from 0 to 200.");
        }
        return OpaqueId.TryParse(id, out var key) && await messages.ConversationAsync(key, around, before ?? 50, after ?? 50, cancel) is { } page
            ? TypedResults.Json(new ConversationAnswer(id, [.. page.Messages.Select(m => MessageAnswer.Of(m, null))], page.HasEarlier, page.HasLater))
            : Problems.Result(Problems.NotFound, "There is no such conversation, or no such message in it.");
    }
}
