using System.Security.Cryptography;
using Enneo.Core.Storage;

namespace Enneo.Core.Messages;

/// <summary>Of what follows the header of a mail: whoever passes a mail on adds to the header, and leaves the rest alone but for its line ends.</summary>
internal static class BodyDigest
{
    private const int Buffer = 1 << 16;

    /// <returns>SHA-256, 32 bytes.</returns>
    public static byte[] Of(MailBytes mail)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = mail.Open();
        var buffer = new byte[Buffer];
        var (isBody, isLineEmpty) = (false, true);
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            var kept = 0;
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] is (byte)'\n')
                {
                    (isBody, isLineEmpty) = (isBody || isLineEmpty, true);
                }
                else if (buffer[i] is not (byte)'\r')
                {
                    isLineEmpty = false;
                    if (isBody)
                    {
                        buffer[kept++] = buffer[i];
                    }
                }
            }

            hash.AppendData(buffer, 0, kept);
        }

        return hash.GetHashAndReset();
    }
}
