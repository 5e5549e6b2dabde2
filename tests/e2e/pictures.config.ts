// Pictures for the documentation: scripts/pictures.sh. Not tests, but the same browser and server.
import base from "./playwright.config.ts";

export default { ...base, testMatch: "*.pictures.ts" };
