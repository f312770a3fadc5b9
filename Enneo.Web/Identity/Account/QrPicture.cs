using QRCoder;

namespace Enneo.Web.Identity.Account;

/// <summary>A QR code as the address of a picture that holds it: nothing is fetched, nobody else learns what it says.</summary>
internal static class QrPicture
{
    private const int PixelsPerModule = 8;

    public static string Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using PngByteQRCode picture = new(data);
        return "data:image/png;base64," + Convert.ToBase64String(picture.GetGraphic(PixelsPerModule));
    }
}
