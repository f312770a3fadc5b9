using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Templates;

internal static class TemplatesServices
{
    public static IServiceCollection AddTemplates(this IServiceCollection services) => services
        .AddSingleton<TemplateInputValidator>()
        .AddSingleton<TemplateEditing>()
        .AddSingleton<TemplateQueries>()
        .AddSingleton<TemplateFilling>();
}
