using Enneo.Core.Activity;
using Enneo.Core.Analysis;
using Enneo.Core.Automations;
using Enneo.Core.Backup;
using Enneo.Core.Conditions;
using Enneo.Core.Connections;
using Enneo.Core.Contacts;
using Enneo.Core.Data;
using Enneo.Core.Hours;
using Enneo.Core.Identity;
using Enneo.Core.Integrations;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Notes;
using Enneo.Core.Net;
using Enneo.Core.Processing;
using Enneo.Core.Search;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Storage;
using Enneo.Core.Sync;
using Enneo.Core.Tags;
using Enneo.Core.Templates;
using Enneo.Core.Tickets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Enneo.Core;

public static class EnneoCore
{
    /// <summary>
    /// Everything that Enneo is, on one data directory. The host adds Data Protection, logging, and,
    /// where jobs shall run, <c>AddQuartzHostedService</c>.
    /// </summary>
    public static IServiceCollection AddEnneoCore(this IServiceCollection services, DataDirectory directory)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddData(directory)
            .AddStorage()
            .AddNet()
            .AddActivity()
            .AddJobs()
            .AddPeople()
            .AddConnections()
            .AddMicrosoft365()
            .AddOAuth()
            .AddMailboxes()
            .AddMessages()
            .AddHours()
            .AddContacts()
            .AddTickets()
            .AddConditions()
            .AddTags()
            .AddSearch()
            .AddSending()
            .AddNotes()
            .AddTemplates()
            .AddSpam()
            .AddAutomations()
            .AddAnalysis()
            .AddProcessing()
            .AddSync()
            .AddBackup()
            .AddIntegrations();
    }
}
