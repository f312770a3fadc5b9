using Enneo.Core.Messages;
using Enneo.Core.Messages.Languages;

namespace Enneo.Tests.Messages;

public sealed class LanguageDetectionTests
{
    private static readonly LanguageDetection s_languages = new();

    [Theory]
    [InlineData("en", "My parcel has not arrived yet, could you please tell me where it is and when I can expect it?")]
    [InlineData("de", "Mein Paket ist noch nicht angekommen, könnten Sie mir bitte sagen, wo es ist und wann ich damit rechnen kann?")]
    [InlineData("fr", "Mon colis n'est pas encore arrivé, pourriez-vous me dire où il se trouve et quand je peux l'attendre ?")]
    [InlineData("es", "Mi paquete aún no ha llegado, ¿podrían decirme dónde está y cuándo puedo esperarlo?")]
    [InlineData("nl", "Mijn pakket is nog niet aangekomen, kunt u mij vertellen waar het is en wanneer ik het kan verwachten?")]
    [InlineData("pl", "Moja paczka jeszcze nie dotarła, czy mogliby mi Państwo powiedzieć, gdzie jest i kiedy mogę się jej spodziewać?")]
    [InlineData("", "12345")]
    [InlineData("", "ok")]
    public void TellsInWhichLanguageAMailIsWritten(string language, string text) => Assert.Equal(language, s_languages.Of(new ParsedMessage { Text = text }));
}
