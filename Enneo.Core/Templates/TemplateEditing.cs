using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;

namespace Enneo.Core.Templates;

/// <summary>Adds, changes and removes templates. For admins.</summary>
public sealed class TemplateEditing(WriterLane lane, TemplateInputValidator validator, TimeProvider clock)
{
    public Task<TemplateResult> AddAsync(TemplateInput input, Actor actor, string origin, CancellationToken cancellationToken) =>
        SaveAsync(null, input, actor, origin, cancellationToken);

    public Task<TemplateResult> UpdateAsync(long templateId, TemplateInput input, Actor actor, string origin, CancellationToken cancellationToken) =>
        SaveAsync(templateId, input, actor, origin, cancellationToken);

    /// <returns>False if there is no such template.</returns>
    public Task<bool> RemoveAsync(long templateId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Templates.FindAsync([templateId], token) is not { } template)
            {
                return false;
            }

            db.Templates.Remove(template);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.TemplateRemoved, actor, origin, clock, changes: [("template", template.Id, null), ("name", template.Name, null)]));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    private async Task<TemplateResult> SaveAsync(long? templateId, TemplateInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var errors = FieldPaths.Of(await validator.ValidateAsync(input, cancellationToken));
        return errors.Count > 0 ? new(null, errors) : await lane.RunAsync(
            async (db, token) =>
            {
                var stored = templateId is { } id ? await db.Templates.FindAsync([id], token) : null;
                if (templateId is not null && stored is null)
                {
                    return new TemplateResult(null, new Dictionary<string, string[]> { [""] = [TemplateText.Gone] });
                }

                var before = stored?.Name;
                var template = stored ?? db.Templates.Add(new AnswerTemplate { Name = "", Text = "" }).Entity;
                (template.Name, template.Text, template.MailboxIds) = (input.Name.Trim(), Placeholders.Sanitize(input.Text), [.. input.MailboxIds.Distinct().Order()]);
                template.Version++;
                await db.SaveChangesAsync(token); // gives it its id
                db.Activity.Add(ActivityEntry.Of(
                    stored is null ? ActivityKind.TemplateAdded : ActivityKind.TemplateChanged, actor, origin, clock, changes: [("template", stored?.Id, template.Id), ("name", before, template.Name)]));
                await db.SaveChangesAsync(token);
                return new TemplateResult(template.Id, errors);
            },
            cancellationToken);
    }
}
