using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Surveillance.Accounts;
using Surveillance.Archive;
using Surveillance.Dashboard.Shared;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Conversations;

/// <summary>What the page of a conversation shows.</summary>
/// <param name="Conversation">Our id of it.</param>
/// <param name="Messages">The messages, oldest first; never empty.</param>
/// <param name="Earlier">The address that shows more before them, or null.</param>
/// <param name="Later">The address that shows more after them, or null.</param>
public sealed record ConversationModel(OpaqueId Conversation, IReadOnlyList<MessageModel> Messages, string? Earlier, string? Later);

/// <summary>The page of a conversation.</summary>
internal static class ConversationRoutes
{
    private const int Step = 50;
    private const int Most = 200;

    internal static void MapConversations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/conversations/{id}", ShowAsync).RequireAuthorization(Scopes.MessagesRead);

    private static async Task<Results<RazorComponentResult<ConversationDetailPage>, RazorComponentResult<ErrorView>>> ShowAsync(
        string id, long? around, int? before, int? after, IMessageReader messages, CancellationToken cancel)
    {
        var (earlier, later) = (Bound(before), around is null ? 0 : Bound(after));
        if (!OpaqueId.TryParse(id, out var conversation) || await messages.ConversationAsync(conversation, around, earlier, later, cancel) is not { Messages.Count: > 0 } page)
        {
            return Pages.NotFound("There is no such conversation", "The address is wrong, or the conversation is not in this archive.");
        }
        var anchor = around ?? page.Messages[^1].Position;
        string Url(int b, int a) => $"/conversations/{conversation}?around={anchor}&before={b}&after={a}";
        return Pages.Show<ConversationDetailPage>(new ConversationModel(
            conversation,
            ConversationModels.Of(page.Messages, [], new HashSet<OpaqueId>(), null),
            page.HasEarlier && earlier < Most ? Url(Math.Min(Most, earlier + Step), later) : page.HasEarlier ? $"/conversations/{conversation}?around={page.Messages[0].Position}&before={Step}&after=0" : null,
            page.HasLater && later < Most ? Url(earlier, Math.Min(Most, later + Step)) : page.HasLater ? $"/conversations/{conversation}?around={page.Messages[^1].Position}&before=0&after={Step}" : null));
    }

    private static int Bound(int? asked) => Math.Clamp(asked ?? Step, 0, Most);
}
