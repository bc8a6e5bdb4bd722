using System.CommandLine;

namespace Surveillance.Dashboard.Accounts;

/// <summary>Speaks to the service that holds a data folder, over its control socket; where none runs, starts the same host without TCP until it is disposed.</summary>
public interface IControlClient : IAsyncDisposable
{
    /// <summary>Whether no service runs: what answers is a host of the command's own and ends with it.</summary>
    bool IsOwn => false;

    /// <summary>Sends a request whose address is relative, such as <c>/control/tokens</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="HttpRequestException">The service does not answer.</exception>
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel);
}

/// <summary>Connects for a command, from the options given.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="cancel">Gives up.</param>
public delegate ValueTask<IControlClient> ConnectControl(ParseResult parsed, CancellationToken cancel);
