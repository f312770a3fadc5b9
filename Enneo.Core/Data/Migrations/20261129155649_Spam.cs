using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Spam : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_tickets_AssigneeId_IsClosed_LastMessageAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_IsClosed_LastMessageAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_junk",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_MailboxId_IsClosed_LastMessageAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_sent",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_starred",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_trash",
                table: "tickets");

            migrationBuilder.RenameColumn(
                name: "LastMessageAt",
                table: "ticket_folders",
                newName: "ListedAt");

            migrationBuilder.RenameIndex(
                name: "IX_ticket_folders_FolderId_LastMessageAt_TicketId",
                table: "ticket_folders",
                newName: "IX_ticket_folders_FolderId_ListedAt_TicketId");

            migrationBuilder.AddColumn<string>(
                name: "Spam_JunkMoves",
                table: "mailboxes",
                type: "TEXT",
                nullable: false,
                defaultValue: "ByPeople");

            migrationBuilder.AddColumn<string>(
                name: "SpamStatus",
                table: "tickets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "WokenAt",
                table: "tickets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Spam_AuthenticationServer",
                table: "mailboxes",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Spam_BulkRule",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "Spam_Digest",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Spam_DmarcRule",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "Spam_ExchangeRule",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "Spam_Headers",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "Spam_JunkMovesCount",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "Spam_Model",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "Spam_SpamAssassinRule",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<long>(
                name: "ListedAt",
                table: "tickets",
                type: "INTEGER",
                nullable: false,
                computedColumnSql: "max(\"LastMessageAt\", coalesce(\"WokenAt\", \"LastMessageAt\"))",
                stored: false);

            migrationBuilder.CreateTable(
                name: "auto_replies",
                columns: table => new
                {
                    MessageId = table.Column<long>(type: "INTEGER", nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_auto_replies", x => x.MessageId);
                    table.ForeignKey(
                        name: "FK_auto_replies_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "automation_runs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    MessageId = table.Column<long>(type: "INTEGER", nullable: false),
                    AutomationId = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    IsProposed = table.Column<bool>(type: "INTEGER", nullable: false),
                    Because = table.Column<string>(type: "TEXT", nullable: false),
                    Done = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    SettledAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_automation_runs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_automation_runs_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "automations",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    IsEnabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    MailboxIds = table.Column<string>(type: "TEXT", nullable: false),
                    Conditions = table.Column<string>(type: "TEXT", nullable: false),
                    Actions = table.Column<string>(type: "TEXT", nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_automations", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "dmarc_exceptions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: true),
                    FromDomain = table.Column<string>(type: "TEXT", nullable: false),
                    Via = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dmarc_exceptions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_dmarc_exceptions_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_auto_replies",
                columns: table => new
                {
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    IsEnabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mailbox_auto_replies", x => x.MailboxId);
                    table.ForeignKey(
                        name: "FK_mailbox_auto_replies_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "processing_runs",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    MessageId = table.Column<long>(type: "INTEGER", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", nullable: false),
                    NextStep = table.Column<string>(type: "TEXT", nullable: true),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_processing_runs", x => x.Id);
                    table.ForeignKey(
                        name: "FK_processing_runs_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "spam_learned",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false),
                    Model = table.Column<string>(type: "TEXT", nullable: false),
                    Weights = table.Column<byte[]>(type: "BLOB", nullable: false),
                    LastSenders = table.Column<string>(type: "TEXT", nullable: false),
                    IsStale = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_spam_learned", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "spam_lessons",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    MessageId = table.Column<long>(type: "INTEGER", nullable: false),
                    IsSpam = table.Column<bool>(type: "INTEGER", nullable: false),
                    Source = table.Column<string>(type: "TEXT", nullable: false),
                    UserId = table.Column<long>(type: "INTEGER", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ProbabilityBefore = table.Column<double>(type: "REAL", nullable: true),
                    LearnedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_spam_lessons", x => x.Id);
                    table.ForeignKey(
                        name: "FK_spam_lessons_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "spam_senders",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: true),
                    Sender = table.Column<string>(type: "TEXT", nullable: false),
                    IsTrusted = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_spam_senders", x => x.Id);
                    table.ForeignKey(
                        name: "FK_spam_senders_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "spam_verdicts",
                columns: table => new
                {
                    MessageId = table.Column<long>(type: "INTEGER", nullable: false),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    Stage = table.Column<string>(type: "TEXT", nullable: false),
                    IsSpam = table.Column<bool>(type: "INTEGER", nullable: true),
                    Rule = table.Column<string>(type: "TEXT", nullable: true),
                    Evidence = table.Column<string>(type: "TEXT", nullable: false),
                    Probability = table.Column<double>(type: "REAL", nullable: true),
                    IsSuspicious = table.Column<bool>(type: "INTEGER", nullable: false),
                    Reasons = table.Column<string>(type: "TEXT", nullable: false),
                    NotAsked = table.Column<string>(type: "TEXT", nullable: true),
                    JudgedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_spam_verdicts", x => x.MessageId);
                    table.ForeignKey(
                        name: "FK_spam_verdicts_messages_MessageId",
                        column: x => x.MessageId,
                        principalTable: "messages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tags",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false, collation: "NOCASE"),
                    ParentId = table.Column<long>(type: "INTEGER", nullable: true),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Reference = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    Visibility = table.Column<string>(type: "TEXT", nullable: false),
                    Colour = table.Column<string>(type: "TEXT", nullable: false),
                    IsDefault = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsSpam = table.Column<bool>(type: "INTEGER", nullable: false),
                    Complexity = table.Column<int>(type: "INTEGER", nullable: true),
                    SlaHours = table.Column<int>(type: "INTEGER", nullable: true),
                    Priority = table.Column<string>(type: "TEXT", nullable: true),
                    Channels = table.Column<string>(type: "TEXT", nullable: false),
                    MailboxIds = table.Column<string>(type: "TEXT", nullable: false),
                    Detection = table.Column<string>(type: "TEXT", nullable: false),
                    Conditions = table.Column<string>(type: "TEXT", nullable: false),
                    AssignmentIds = table.Column<string>(type: "TEXT", nullable: false),
                    ModifiedBy = table.Column<long>(type: "INTEGER", nullable: true),
                    ModifiedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Version = table.Column<uint>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tags", x => x.Id);
                    table.ForeignKey(
                        name: "FK_tags_tags_ParentId",
                        column: x => x.ParentId,
                        principalTable: "tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "processing_records",
                columns: table => new
                {
                    RunId = table.Column<long>(type: "INTEGER", nullable: false),
                    Step = table.Column<string>(type: "TEXT", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", nullable: false),
                    Details = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_processing_records", x => new { x.RunId, x.Step });
                    table.ForeignKey(
                        name: "FK_processing_records_processing_runs_RunId",
                        column: x => x.RunId,
                        principalTable: "processing_runs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ticket_tags",
                columns: table => new
                {
                    TicketId = table.Column<long>(type: "INTEGER", nullable: false),
                    TagId = table.Column<long>(type: "INTEGER", nullable: false),
                    Source = table.Column<string>(type: "TEXT", nullable: false),
                    PersonId = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    IsTakenOff = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ticket_tags", x => new { x.TicketId, x.TagId });
                    table.ForeignKey(
                        name: "FK_ticket_tags_tags_TagId",
                        column: x => x.TagId,
                        principalTable: "tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_ticket_tags_tickets_TicketId",
                        column: x => x.TicketId,
                        principalTable: "tickets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_AssigneeId_IsClosed_ListedAt_Id",
                table: "tickets",
                columns: new[] { "AssigneeId", "IsClosed", "ListedAt", "Id" },
                filter: "\"AssigneeId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_IsClosed_ListedAt_Id",
                table: "tickets",
                columns: new[] { "IsClosed", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_junk",
                table: "tickets",
                columns: new[] { "ListedAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Junk'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_MailboxId_IsClosed_ListedAt_Id",
                table: "tickets",
                columns: new[] { "MailboxId", "IsClosed", "ListedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_sent",
                table: "tickets",
                columns: new[] { "ListedAt", "Id", "MailboxId" },
                filter: "\"LastSentAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_starred",
                table: "tickets",
                columns: new[] { "ListedAt", "Id", "MailboxId" },
                filter: "\"IsStarred\"");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_trash",
                table: "tickets",
                columns: new[] { "ListedAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Trash'");

            migrationBuilder.CreateIndex(
                name: "IX_auto_replies_Address_At",
                table: "auto_replies",
                columns: new[] { "Address", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_automation_runs_MessageId",
                table: "automation_runs",
                column: "MessageId");

            migrationBuilder.CreateIndex(
                name: "IX_dmarc_exceptions_FromDomain_Via_MailboxId",
                table: "dmarc_exceptions",
                columns: new[] { "FromDomain", "Via", "MailboxId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_dmarc_exceptions_MailboxId",
                table: "dmarc_exceptions",
                column: "MailboxId");

            migrationBuilder.CreateIndex(
                name: "IX_processing_runs_due",
                table: "processing_runs",
                column: "DueAt",
                filter: "\"FinishedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_processing_runs_MessageId",
                table: "processing_runs",
                column: "MessageId");

            migrationBuilder.CreateIndex(
                name: "IX_spam_lessons_MessageId",
                table: "spam_lessons",
                column: "MessageId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_spam_lessons_new",
                table: "spam_lessons",
                column: "Id",
                filter: "\"LearnedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_spam_senders_MailboxId",
                table: "spam_senders",
                column: "MailboxId");

            migrationBuilder.CreateIndex(
                name: "IX_spam_senders_Sender_MailboxId",
                table: "spam_senders",
                columns: new[] { "Sender", "MailboxId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_spam_verdicts_MailboxId_JudgedAt",
                table: "spam_verdicts",
                columns: new[] { "MailboxId", "JudgedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_tags_ParentId_Name",
                table: "tags",
                columns: new[] { "ParentId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ticket_tags_TagId_TicketId",
                table: "ticket_tags",
                columns: new[] { "TagId", "TicketId" });

            // What mailbox files said about spam was kept as it came, until it did something.
            migrationBuilder.Sql("""
                UPDATE mailboxes SET
                    Spam_Headers = CASE json_extract(KeptSettings, '$.spam.headers') WHEN 0 THEN 0 ELSE 1 END,
                    Spam_Model = CASE json_extract(KeptSettings, '$.spam.ai') WHEN 0 THEN 0 ELSE 1 END,
                    Spam_JunkMoves = CASE json_extract(KeptSettings, '$.spam.moveToJunk') WHEN 1 THEN 'ByAll' WHEN 0 THEN 'ByNobody' ELSE 'ByPeople' END
                WHERE json_valid(KeptSettings)
                """);

            // What lay in junk before was put there by its server, or by a person who did not say so here.
            migrationBuilder.Sql("UPDATE tickets SET SpamStatus = 'AutoProgrammatic' WHERE Place = 'Junk'");

            migrationBuilder.DropColumn(name: "KeptSettings", table: "mailboxes");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "auto_replies");

            migrationBuilder.DropTable(
                name: "automation_runs");

            migrationBuilder.DropTable(
                name: "automations");

            migrationBuilder.DropTable(
                name: "dmarc_exceptions");

            migrationBuilder.DropTable(
                name: "mailbox_auto_replies");

            migrationBuilder.DropTable(
                name: "processing_records");

            migrationBuilder.DropTable(
                name: "spam_learned");

            migrationBuilder.DropTable(
                name: "spam_lessons");

            migrationBuilder.DropTable(
                name: "spam_senders");

            migrationBuilder.DropTable(
                name: "spam_verdicts");

            migrationBuilder.DropTable(
                name: "ticket_tags");

            migrationBuilder.DropTable(
                name: "processing_runs");

            migrationBuilder.DropTable(
                name: "tags");

            migrationBuilder.DropIndex(
                name: "IX_tickets_AssigneeId_IsClosed_ListedAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_IsClosed_ListedAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_junk",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_MailboxId_IsClosed_ListedAt_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_sent",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_starred",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_trash",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "ListedAt",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "SpamStatus",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "WokenAt",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Language",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "Spam_AuthenticationServer",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_BulkRule",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_Digest",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_DmarcRule",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_ExchangeRule",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_Headers",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_JunkMovesCount",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_Model",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_SpamAssassinRule",
                table: "mailboxes");

            migrationBuilder.RenameColumn(
                name: "ListedAt",
                table: "ticket_folders",
                newName: "LastMessageAt");

            migrationBuilder.RenameIndex(
                name: "IX_ticket_folders_FolderId_ListedAt_TicketId",
                table: "ticket_folders",
                newName: "IX_ticket_folders_FolderId_LastMessageAt_TicketId");

            migrationBuilder.DropColumn(
                name: "Spam_JunkMoves",
                table: "mailboxes");

            migrationBuilder.AddColumn<string>(
                name: "KeptSettings",
                table: "mailboxes",
                type: "TEXT",
                nullable: false,
                defaultValue: "{}");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_AssigneeId_IsClosed_LastMessageAt_Id",
                table: "tickets",
                columns: new[] { "AssigneeId", "IsClosed", "LastMessageAt", "Id" },
                filter: "\"AssigneeId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_IsClosed_LastMessageAt_Id",
                table: "tickets",
                columns: new[] { "IsClosed", "LastMessageAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_junk",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Junk'");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_MailboxId_IsClosed_LastMessageAt_Id",
                table: "tickets",
                columns: new[] { "MailboxId", "IsClosed", "LastMessageAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_sent",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"LastSentAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_starred",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"IsStarred\"");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_trash",
                table: "tickets",
                columns: new[] { "LastMessageAt", "Id", "MailboxId" },
                filter: "\"Place\" = 'Trash'");
        }
    }
}
