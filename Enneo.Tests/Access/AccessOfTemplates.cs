using Enneo.Core.Activity;
using Enneo.Core.Tags;
using Enneo.Core.Templates;

namespace Enneo.Tests.Access;

internal static partial class AccessCases
{
    /// <summary>Texts that are put into answers.</summary>
    private static IEnumerable<AccessCase> OfTemplates =>
    [
        new ListCase("TemplateQueries.ListAsync", async (house, who) =>
        {
            await TemplateAsync(house, house.Of(TwoMailboxes.Granted, who));
            await TemplateAsync(house, house.Of(TwoMailboxes.Withheld, who));
            return (await house.Get<TemplateQueries>().ListAsync(who.Reach, Cancel)).Select(template => template.Name).Distinct();
        }),
        new ListCase("SeenTags.ListAsync", async (house, who) =>
        {
            foreach (var it in new[] { house.Of(TwoMailboxes.Granted, who), house.Of(TwoMailboxes.Withheld, who) })
            {
                await house.Get<TagEditing>().AddAsync(new TagInput { Name = it.Word, MailboxIds = [it.MailboxId] }, Actor.System, Origin, Cancel);
            }

            return (await house.Get<SeenTags>().ListAsync(who.Reach, Cancel)).Select(seen => seen.FullName).Distinct();
        }),
        new OneCase("TemplateQueries.OfMailboxAsync", async (house, who, it) =>
        {
            await TemplateAsync(house, it);
            return await house.Get<TemplateQueries>().OfMailboxAsync(who.Reach, it.MailboxId, Cancel);
        }),
        new OneCase("TemplateFilling.ForDraftAsync", async (house, who, it) =>
            await house.Get<TemplateFilling>().ForDraftAsync(await TemplateAsync(house, it), it.DraftId, who.Id, Cancel)),
        new OneCase("TemplateFilling.ForProgramAsync", async (house, who, it) => await house.Get<TemplateFilling>().ForProgramAsync(
            who.Reach, await TemplateAsync(house, it), it.MailboxId, null, "", new Dictionary<string, string?>(), who.Actor, Cancel)),
        new OneCase("TemplateFilling.ForReplyAsync", async (house, who, it) => await house.Get<TemplateFilling>().ForReplyAsync(
            who.Reach, await TemplateAsync(house, it), it.TicketId, new Dictionary<string, string?>(), who.Actor, Cancel)),
    ];

    /// <returns>The id of a template of that mailbox alone.</returns>
    private static async Task<long> TemplateAsync(TwoMailboxes house, Target it) => (await house.Get<TemplateEditing>().AddAsync(
        new TemplateInput { Name = it.Word, Text = it.Word, MailboxIds = [it.MailboxId] }, Actor.System, Origin, Cancel)).TemplateId!.Value;
}
