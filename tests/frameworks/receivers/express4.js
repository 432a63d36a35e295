// Express 4 as its guide shows it: the body as express.urlencoded() reads it. PORT and KEY are the environment's.
const { createHash } = require("node:crypto");
const express = require("express");

const app = express();
app.use(express.urlencoded({ extended: false }));
app.post("/notify", (request, response) => {
  const { sign, sign_type: signType, ...fields } = request.body;
  const text = Object.keys(fields)
    .filter((name) => fields[name] !== "")
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join("&");
  const right = createHash("md5").update(text + process.env.KEY).digest("hex");
  response.send(signType === "MD5" && sign === right ? "success" : "fail");
});
app.listen(Number(process.env.PORT), "127.0.0.1");
