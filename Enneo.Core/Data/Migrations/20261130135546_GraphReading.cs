using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Enneo.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class GraphReading : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "ReceivesByGraph",
                table: "mailboxes",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "graph_folders",
                columns: table => new
                {
                    FolderId = table.Column<long>(type: "INTEGER", nullable: false),
                    GraphId = table.Column<string>(type: "TEXT", nullable: false),
                    SpecialUse = table.Column<string>(type: "TEXT", nullable: false),
                    UidValidity = table.Column<uint>(type: "INTEGER", nullable: false),
                    LastUid = table.Column<uint>(type: "INTEGER", nullable: false),
                    Link = table.Column<string>(type: "TEXT", nullable: true),
                    ListedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Total = table.Column<int>(type: "INTEGER", nullable: false),
                    Unread = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_graph_folders", x => x.FolderId);
                    table.ForeignKey(
                        name: "FK_graph_folders_folders_FolderId",
                        column: x => x.FolderId,
                        principalTable: "folders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "graph_numbers",
                columns: table => new
                {
                    FolderId = table.Column<long>(type: "INTEGER", nullable: false),
                    Uid = table.Column<uint>(type: "INTEGER", nullable: false),
                    GraphId = table.Column<string>(type: "TEXT", nullable: false),
                    ChangeKey = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_graph_numbers", x => new { x.FolderId, x.Uid });
                    table.ForeignKey(
                        name: "FK_graph_numbers_folders_FolderId",
                        column: x => x.FolderId,
                        principalTable: "folders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_graph_numbers_FolderId_GraphId",
                table: "graph_numbers",
                columns: new[] { "FolderId", "GraphId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_graph_numbers_GraphId",
                table: "graph_numbers",
                column: "GraphId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "graph_folders");

            migrationBuilder.DropTable(
                name: "graph_numbers");

            migrationBuilder.DropColumn(
                name: "ReceivesByGraph",
                table: "mailboxes");
        }
    }
}
