using Microsoft.AspNetCore.Http.HttpResults;
using Surveillance.Dashboard.Description;
using Surveillance.Messages;

namespace Surveillance.Dashboard.Shared;

/// <summary>A kind of refusal: its status, its title and what a caller can do about it.</summary>
/// <param name="Code">The last part of its type address.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The same for every refusal of the kind.</param>
/// <param name="Help">What to do about it.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string Help);

/// <summary>Answers in the form of RFC 9457: every type is a page of this service that explains it.</summary>
internal static class Problems
{
    internal static readonly ProblemKind MalformedBody = new("malformed-body", 400, "The body cannot be read", "Send one JSON object in UTF-8 (RFC 8259); the errors tell where reading stopped.");
    internal static readonly ProblemKind BadRequest = new("bad-request", 400, "The request cannot be understood", "The detail names the parameter and what it may be.");
    internal static readonly ProblemKind BadQuery = new("bad-query", 400, "The query is not well formed", "`errors` names every mistake with its column, counted from 1, and what to write instead.");
    internal static readonly ProblemKind CursorMismatch = new("cursor-mismatch", 400, "The cursor is of another list", "A cursor goes with the query that it came from; begin again without `after`.");
    internal static readonly ProblemKind NotSignedIn = new("not-signed-in", 401, "No valid token", "Send `Authorization: Bearer TOKEN`; `surveillance tokens create` makes one.");
    internal static readonly ProblemKind Forbidden = new("missing-scope", 403, "The token lacks a scope", "Ask an administrator for a token with the scope that the detail names.");
    internal static readonly ProblemKind NotFound = new("not-found", 404, "There is nothing here", "Check the id: ids are 26 lower-case characters, jobs have numbers.");
    internal static readonly ProblemKind WrongMethod = new("wrong-method", 405, "The address does not take this method", "The header Allow names the methods that it takes.");
    internal static readonly ProblemKind Conflict = new("conflict", 409, "The id is taken by other content", "The message was kept all the same and lies in quarantine; nothing is lost. Give every message its own id.");
    internal static readonly ProblemKind Settled = new("already-so", 409, "What is there stands against it", "The detail says what is there and how to change it.");
    internal static readonly ProblemKind BadSignature = new("bad-signature", 401, "The signature does not fit the body", "Sign the body's bytes as sent, with the secret that both sides hold.");
    internal static readonly ProblemKind InvalidTransition = new("invalid-transition", 409, "Its status does not allow that", "Read it again; the detail says what its status is.");
    internal static readonly ProblemKind TooLate = new("too-late", 409, "The time for that has passed", "The detail says what can be done instead.");
    internal static readonly ProblemKind WrongVerifyToken = new("wrong-verify-token", 403, "The address was not checked with the agreed word", "Give both sides the same verify token, then check the address again.");
    internal static readonly ProblemKind NotSetUp = new("not-set-up", 404, "This is not set up here", "The detail names the setting; give it in appsettings.json or as an environment variable.");
    internal static readonly ProblemKind Stale = new("stale", 412, "Somebody changed it since", "Read it again and decide on what it is now; `current` holds it.");
    internal static readonly ProblemKind TooLarge = new("too-large", 413, "The body is too large", "The detail names the limit. Send fewer lines, or leave the bytes of large attachments out.");
    internal static readonly ProblemKind WrongMediaType = new("wrong-media-type", 415, "The media type is not one of those taken", "The detail names what is taken.");
    internal static readonly ProblemKind Invalid = new("invalid", 422, "The content is not valid", "`errors` names every place with a JSON pointer (RFC 6901) and what to write instead.");
    internal static readonly ProblemKind IfMatchMissing = new("if-match-missing", 428, "If-Match is missing", "Send the ETag that you read in If-Match, so that nobody's change is overwritten unseen.");
    internal static readonly ProblemKind Overload = new("overload", 429, "Too much arrives at once", "Wait for the seconds of Retry-After, then send the same again: nothing of it was kept, and what was kept before is recognised.");
    internal static readonly ProblemKind Unavailable = new("unavailable", 503, "Nothing can be kept now", "Wait for the seconds of Retry-After, then send the same again: nothing of it was kept.");
    internal static readonly ProblemKind NotReady = new("not-ready", 503, "The service is still starting", "Wait for the seconds of Retry-After, then ask again.");
    internal static readonly ProblemKind SearchUnavailable = new("search-unavailable", 503, "The search does not answer now", "Wait for the seconds of Retry-After, then ask again; the index mends itself from the archive.");

    internal static IReadOnlyList<ProblemKind> All { get; } =
        [MalformedBody, BadRequest, BadQuery, CursorMismatch, NotSignedIn, BadSignature, Forbidden, NotFound, WrongVerifyToken, NotSetUp, WrongMethod, Conflict, Settled, InvalidTransition, TooLate, Stale, TooLarge, WrongMediaType, Invalid, IfMatchMissing, Overload, Unavailable, NotReady, SearchUnavailable];

    /// <summary>An answer of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="detail">What is wrong with this request.</param>
    /// <param name="errors">Every reason, or null.</param>
    /// <param name="more">Further members.</param>
    internal static ProblemHttpResult Result(ProblemKind kind, string detail, IReadOnlyList<InputError>? errors = null, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var members = new Dictionary<string, object?>();
        if (errors is not null)
        {
            members["errors"] = errors.Select(e => new { pointer = e.Pointer, code = e.Code, detail = e.Detail }).ToArray();
        }
        foreach (var (name, value) in more)
        {
            members[name] = value;
        }
        return TypedResults.Problem(detail, statusCode: kind.Status, title: kind.Title, type: "/problems/" + kind.Code, extensions: members);
    }

    /// <summary>The answer where only the status of a refusal, 400 to 499, is known.</summary>
    internal static ProblemHttpResult OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Result(NotSignedIn, "The request has neither a token nor a session."),
        StatusCodes.Status404NotFound => Result(NotFound, "Nothing has this address."),
        StatusCodes.Status405MethodNotAllowed => Result(WrongMethod, "Another method was expected here."),
        StatusCodes.Status413PayloadTooLarge => Result(TooLarge, "The body is larger than this address takes."),
        StatusCodes.Status415UnsupportedMediaType => Result(WrongMediaType, "The body is of another type than this address takes."),
        StatusCodes.Status429TooManyRequests => Result(Overload, "More is asked than is answered."),
        _ => Result(BadRequest with { Status = status }, "A parameter of the address, a header or the body cannot be read."),
    };

    /// <summary>The kind of a line's errors, and what to say of them.</summary>
    internal static (ProblemKind Kind, string Detail) Of(IReadOnlyList<InputError> errors)
    {
        var kind = errors[0].Code switch
        {
            "malformed-json" or "invalid-utf8" => MalformedBody,
            "too-long" => TooLarge,
            _ => Invalid,
        };
        return (kind, errors.Count == 1 ? errors[0].Detail : $"{errors.Count} things are wrong; the first: {errors[0].Detail}");
    }

    /// <summary>Serves the page of each kind.</summary>
    internal static void MapProblems(this IEndpointRouteBuilder routes) => routes.MapGet("/problems/{code}", Results<ContentHttpResult, NotFound> (string code) =>
        All.FirstOrDefault(k => k.Code == code) is { } kind
            ? TypedResults.Text($"{kind.Title} ({kind.Status})\n\n{kind.Help}\n", "text/plain; charset=utf-8")
            : TypedResults.NotFound()).AllowAnonymous().Describe(new ApiOperation("What a type of problem means")
            {
                Tag = "Problems", Parameters = [new("code", "The last part of the type.")], Answers = [new ApiAnswer(200, "Its title, its status and what to do about it.", null, "text/plain")], Problems = [NotFound],
            });
}
