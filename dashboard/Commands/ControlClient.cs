using System.Net.Sockets;
using Surveillance.Dashboard.Accounts;
using Surveillance.Storage.Sqlite;

namespace Surveillance.Dashboard.Commands;

/// <summary>Speaks to the service that holds the data folder; where none does, starts the same host on the control socket alone for its own duration.</summary>
internal sealed class ControlClient : IControlClient
{
    private readonly HttpClient _http;
    private readonly WebApplication? _own;

    private ControlClient(string socket, WebApplication? own)
    {
        _own = own;
        _http = Over(socket);
    }

    /// <inheritdoc />
    public bool IsOwn => _own is not null;

    /// <summary>A client of a socket; whether anybody listens there shows with the first request.</summary>
    /// <param name="socket">The socket's path.</param>
    internal static HttpClient Over(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
    })
    { BaseAddress = new Uri("http://localhost") };

    /// <summary>Connects.</summary>
    /// <param name="settings">The data folder; and how a host of the command's own is started, control socket alone.</param>
    /// <param name="cancel">Gives up.</param>
    internal static async ValueTask<IControlClient> ConnectAsync(HostSettings settings, CancellationToken cancel)
    {
        settings = settings with { ControlOnly = true, Purpose = "a command" };
        try
        {
            var own = DashboardHost.Create(settings);
            try
            {
                var folder = own.Services.GetRequiredService<DataFolder>();
                if (folder.IsNew)
                {
                    await Console.Error.WriteLineAsync($"There was no data folder {folder.Path}; it is made now. Give a service's own folder with --data.");
                }
                await own.StartAsync(cancel);
                return new ControlClient(folder.ControlSocket, own);
            }
            catch
            {
                await own.DisposeAsync();
                throw;
            }
        }
        catch (DataFolderInUseException e)
        {
            return new ControlClient(DataFolder.SocketOf(e.Path), null);
        }
    }

    /// <inheritdoc />
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_own is not null)
        {
            await _own.StopAsync();
            await _own.DisposeAsync();
        }
    }
}
