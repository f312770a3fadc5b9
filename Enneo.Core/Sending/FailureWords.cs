using Enneo.Core.Connections;

namespace Enneo.Core.Sending;

internal static class FailureWords
{
    /// <returns>Our sentence, and the server's own words behind it.</returns>
    public static string Of(MailConnectionException exception) =>
        exception.ServerText is { } words ? $"{exception.Message} ({words})" : exception.Message;
}
