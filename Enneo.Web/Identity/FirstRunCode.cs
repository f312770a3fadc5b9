using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Enneo.Web.Identity;

/// <summary>
/// The one-time code that lets the first admin be made from another machine: whoever can read the
/// server's output may. In memory only; a few wrong tries, and another one is printed.
/// </summary>
public sealed class FirstRunCode
{
    private const int Tries = 5;
    private const string Characters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // none that look alike

    private readonly Lock _gate = new();
    private string _code = New();
    private int _wrong;

    public void Announce() =>
        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, IdentityText.FirstRunCodeAnnounced, _code));

    public bool Matches(string? typed)
    {
        lock (_gate)
        {
            if (CryptographicOperations.FixedTimeEquals(Digest(typed ?? ""), Digest(_code)))
            {
                return true;
            }

            if (++_wrong >= Tries)
            {
                (_code, _wrong) = (New(), 0);
                Announce();
            }

            return false;
        }
    }

    private static byte[] Digest(string code) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.Where(char.IsLetterOrDigit)).ToUpperInvariant()));

    private static string New()
    {
        var code = RandomNumberGenerator.GetString(Characters, 12);
        return $"{code[..4]}-{code[4..8]}-{code[8..]}";
    }
}
