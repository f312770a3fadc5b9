using Enneo.Core.Messages.Images;
using Enneo.Core.Messages.Languages;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Messages;

internal static class MessagesServices
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        MailCharset.Register();
        return services
            .AddSingleton<MessageParser>()
            .AddSingleton<LanguageDetection>()
            .AddSingleton<MessageReader>()
            .AddSingleton<MailHtml>()
            .AddSingleton<ImageTrust>()
            .AddSingleton<RemoteImages>();
    }
}
