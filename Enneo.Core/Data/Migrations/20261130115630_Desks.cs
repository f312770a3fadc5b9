using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class Desks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsShared",
                table: "microsoft365_attempts",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Deletions",
                table: "integrations",
                type: "TEXT",
                nullable: false,
                defaultValue: "Never");

            migrationBuilder.AddColumn<string>(
                name: "TheirWebhookId",
                table: "integrations",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ModelHintLeftAt",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Cost",
                table: "ai_calls",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Currency",
                table: "ai_calls",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "integration_messages",
                columns: table => new
                {
                    IntegrationId = table.Column<long>(type: "INTEGER", nullable: false),
                    ExternalId = table.Column<string>(type: "TEXT", nullable: false),
                    ExternalTicketId = table.Column<string>(type: "TEXT", nullable: false),
                    AgreedIn = table.Column<string>(type: "TEXT", nullable: true),
                    MessageId = table.Column<long>(type: "INTEGER", nullable: false),
                    Ours = table.Column<string>(type: "TEXT", nullable: true),
                    Theirs = table.Column<string>(type: "TEXT", nullable: true),
                    Words = table.Column<string>(type: "TEXT", nullable: true),
                    Difference = table.Column<string>(type: "TEXT", nullable: true),
                    DifferentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    OursShown = table.Column<string>(type: "TEXT", nullable: true),
                    TheirsShown = table.Column<string>(type: "TEXT", nullable: true),
                    Choice = table.Column<string>(type: "TEXT", nullable: true),
                    IsLeft = table.Column<bool>(type: "INTEGER", nullable: false),
                    Problem = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_integration_messages", x => new { x.IntegrationId, x.ExternalId });
                    table.ForeignKey(
                        name: "FK_integration_messages_integrations_IntegrationId",
                        column: x => x.IntegrationId,
                        principalTable: "integrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "integration_openings",
                columns: table => new
                {
                    IntegrationId = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_integration_openings", x => new { x.IntegrationId, x.Name });
                    table.ForeignKey(
                        name: "FK_integration_openings_integrations_IntegrationId",
                        column: x => x.IntegrationId,
                        principalTable: "integrations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "spam_breakers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MailboxId = table.Column<long>(type: "INTEGER", nullable: false),
                    Rule = table.Column<string>(type: "TEXT", nullable: true),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    TrippedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Hidden = table.Column<int>(type: "INTEGER", nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    ToldAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_spam_breakers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_spam_breakers_mailboxes_MailboxId",
                        column: x => x.MailboxId,
                        principalTable: "mailboxes",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_integration_messages_DifferentAt",
                table: "integration_messages",
                column: "DifferentAt",
                filter: "\"DifferentAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_integration_messages_IntegrationId_ExternalTicketId",
                table: "integration_messages",
                columns: new[] { "IntegrationId", "ExternalTicketId" });

            migrationBuilder.CreateIndex(
                name: "IX_spam_breakers_MailboxId_EndedAt",
                table: "spam_breakers",
                columns: new[] { "MailboxId", "EndedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "integration_messages");

            migrationBuilder.DropTable(
                name: "integration_openings");

            migrationBuilder.DropTable(
                name: "spam_breakers");

            migrationBuilder.DropColumn(
                name: "IsShared",
                table: "microsoft365_attempts");

            migrationBuilder.DropColumn(
                name: "Deletions",
                table: "integrations");

            migrationBuilder.DropColumn(
                name: "TheirWebhookId",
                table: "integrations");

            migrationBuilder.DropColumn(
                name: "ModelHintLeftAt",
                table: "AspNetUsers");

            migrationBuilder.DropColumn(
                name: "Cost",
                table: "ai_calls");

            migrationBuilder.DropColumn(
                name: "Currency",
                table: "ai_calls");
        }
    }
}
