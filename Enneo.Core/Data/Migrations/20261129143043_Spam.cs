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
                name: "dmarc_exceptions");

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
                name: "processing_runs");

            migrationBuilder.DropColumn(
                name: "SpamStatus",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Spam_AuthenticationServer",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "Spam_BulkRule",
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

            migrationBuilder.DropColumn(
                name: "Spam_JunkMoves",
                table: "mailboxes");

            migrationBuilder.AddColumn<string>(
                name: "KeptSettings",
                table: "mailboxes",
                type: "TEXT",
                nullable: false,
                defaultValue: "{}");
        }
    }
}
