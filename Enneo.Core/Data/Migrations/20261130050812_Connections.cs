using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Connections : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsApplication",
                table: "microsoft365_accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsSentElsewhere",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "SendsByGraph",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "integrations",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    Url = table.Column<string>(type: "TEXT", nullable: false),
                    MayBePrivate = table.Column<bool>(type: "INTEGER", nullable: false),
                    ProtectedCredential = table.Column<string>(type: "TEXT", nullable: false),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    TheirMailbox = table.Column<string>(type: "TEXT", nullable: false),
                    KeyId = table.Column<long>(type: "INTEGER", nullable: true),
                    WebhookId = table.Column<long>(type: "INTEGER", nullable: true),
                    HookId = table.Column<long>(type: "INTEGER", nullable: true),
                    Owner = table.Column<string>(type: "TEXT", nullable: false),
                    MailsPublicComments = table.Column<bool>(type: "INTEGER", nullable: false),
                    Rules = table.Column<string>(type: "TEXT", nullable: false),
                    Mark = table.Column<string>(type: "TEXT", nullable: false),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastInAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastOutAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_integrations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_integrations_api_keys_KeyId",
                        column: x => x.KeyId,
                        principalTable: "api_keys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "FK_integrations_incoming_hooks_HookId",
                        column: x => x.HookId,
                        principalTable: "incoming_hooks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "FK_integrations_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_integrations_webhooks_WebhookId",
                        column: x => x.WebhookId,
                        principalTable: "webhooks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_failures",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", nullable: false),
                    Message = table.Column<string>(type: "TEXT", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Times = table.Column<int>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    OutageSince = table.Column<long>(type: "INTEGER", nullable: false),
                    AlertedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mailbox_failures", x => x.Id);
                    table.ForeignKey(
                        name: "FK_mailbox_failures_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "integration_news",
                columns: table => new
                {
                    IntegrationId = table.Column<long>(type: "INTEGER", nullable: false),
                    ExternalTicketId = table.Column<string>(type: "TEXT", nullable: false),
                    Stamp = table.Column<long>(type: "INTEGER", nullable: false),
                    NotedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    Problem = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_integration_news", x => new { x.IntegrationId, x.ExternalTicketId });
                    table.ForeignKey(
                        name: "FK_integration_news_integrations_IntegrationId",
                        column: x => x.IntegrationId,
                        principalTable: "integrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "integration_tickets",
                columns: table => new
                {
                    IntegrationId = table.Column<long>(type: "INTEGER", nullable: false),
                    ExternalTicketId = table.Column<string>(type: "TEXT", nullable: false),
                    SettledSequence = table.Column<long>(type: "INTEGER", nullable: false),
                    SettledAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Problem = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_integration_tickets", x => new { x.IntegrationId, x.ExternalTicketId });
                    table.ForeignKey(
                        name: "FK_integration_tickets_integrations_IntegrationId",
                        column: x => x.IntegrationId,
                        principalTable: "integrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "integration_values",
                columns: table => new
                {
                    IntegrationId = table.Column<long>(type: "INTEGER", nullable: false),
                    ExternalTicketId = table.Column<string>(type: "TEXT", nullable: false),
                    Field = table.Column<string>(type: "TEXT", nullable: false),
                    Ours = table.Column<string>(type: "TEXT", nullable: true),
                    Theirs = table.Column<string>(type: "TEXT", nullable: true),
                    ConflictAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ConflictOurs = table.Column<string>(type: "TEXT", nullable: true),
                    ConflictTheirs = table.Column<string>(type: "TEXT", nullable: true),
                    Choice = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_integration_values", x => new { x.IntegrationId, x.ExternalTicketId, x.Field });
                    table.ForeignKey(
                        name: "FK_integration_values_integrations_IntegrationId",
                        column: x => x.IntegrationId,
                        principalTable: "integrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_integration_news_DueAt",
                table: "integration_news",
                column: "DueAt");

            migrationBuilder.CreateIndex(
                name: "IX_integration_values_ConflictAt",
                table: "integration_values",
                column: "ConflictAt",
                filter: "\"ConflictAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_integrations_HookId",
                table: "integrations",
                column: "HookId");

            migrationBuilder.CreateIndex(
                name: "IX_integrations_KeyId",
                table: "integrations",
                column: "KeyId");

            migrationBuilder.CreateIndex(
                name: "IX_integrations_MailboxId",
                table: "integrations",
                column: "MailboxId");

            migrationBuilder.CreateIndex(
                name: "IX_integrations_WebhookId",
                table: "integrations",
                column: "WebhookId");

            migrationBuilder.CreateIndex(
                name: "IX_mailbox_failures_MailboxId_EndedAt",
                table: "mailbox_failures",
                columns: new[] { "MailboxId", "EndedAt" });

            migrationBuilder.CreateTable(
                name: "integration_taken",
                columns: table => new
                {
                    IntegrationId = table.Column<long>(type: "INTEGER", nullable: false),
                    ExternalId = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_integration_taken", x => new { x.IntegrationId, x.ExternalId });
                    table.ForeignKey(
                        name: "FK_integration_taken_integrations_IntegrationId",
                        column: x => x.IntegrationId,
                        principalTable: "integrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            // That server moves mail by itself, which is no person's word, unless somebody said that it is.
            migrationBuilder.Sql("""
                UPDATE mailboxes SET Spam_JunkMovesCount = 0
                WHERE Method = 'Microsoft365' AND Spam_JunkMovesCount AND NOT EXISTS (
                    SELECT 1 FROM activity a
                    WHERE a.MailboxId = mailboxes.Id AND a.Kind = 'MailboxChanged'
                        AND json_extract(json_extract(a.Changes, '$.spam[0]'), '$.junkMovesCount') = 0
                        AND json_extract(json_extract(a.Changes, '$.spam[1]'), '$.junkMovesCount') = 1)
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "integration_taken");

            migrationBuilder.DropTable(
                name: "integration_news");

            migrationBuilder.DropTable(
                name: "integration_tickets");

            migrationBuilder.DropTable(
                name: "integration_values");

            migrationBuilder.DropTable(
                name: "mailbox_failures");

            migrationBuilder.DropTable(
                name: "integrations");

            migrationBuilder.DropColumn(
                name: "IsApplication",
                table: "microsoft365_accounts");

            migrationBuilder.DropColumn(
                name: "IsSentElsewhere",
                table: "mailboxes");

            migrationBuilder.DropColumn(
                name: "SendsByGraph",
                table: "mailboxes");
        }
    }
}
