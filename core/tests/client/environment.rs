//! What comes from the environment: keys, proxies, trust. Each case runs this test program again, in an environment of its own.

use std::future::Future;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;
use tramontane::ErrorKind;
use tramontane::client::{CallOptions, Client, Proxy, blocking};

use crate::server::{Server, answer};
use crate::{COMPLETION, KEY, client, complete, request, shown};

/// The program that the tests below start.
#[test]
#[ignore = "started by the tests of this file, with an environment of their own"]
fn child() {
    let url = std::env::var("TEST_URL").expect("the parent says where to send");
    let builder = Client::builder().base_url(url).max_retries(0);
    let client = blocking::Client::from(builder.build().unwrap());
    match client.execute(client.prepare(request("chat"), &CallOptions::default()).unwrap()) {
        Ok(reply) => println!("answer: {}", reply.data),
        Err(error) => println!("error: {} {error}", error.kind().name()),
    }
}

/// What the child says about a call to `url`.
fn call(url: &str, environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "environment::child", "--ignored", "--nocapture"]);
    for variable in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(variable).env_remove(variable.to_uppercase());
    }
    command.env_remove("MISTRAL_API_KEY").env_remove("SSL_CERT_DIR").env("TEST_URL", url);
    let output = command.envs(environment.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find_map(|line| Some(&line[line.find("answer: ").or_else(|| line.find("error: "))?..]));
    line.unwrap_or_else(|| panic!("no outcome: {text}")).to_owned()
}

/// A runtime for servers that work while a child does.
fn servers() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn the_key_comes_from_the_variable_of_the_provider() {
    let servers = servers();
    let server = servers.block_on(Server::always(answer(200, &[], COMPLETION)));
    assert_eq!(call(&server.url, &[("MISTRAL_API_KEY", &format!("  {KEY}\n"))]), format!("answer: {COMPLETION}"));
    assert_eq!(server.seen()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));

    for environment in [&[][..], &[("MISTRAL_API_KEY", " ")]] {
        let missing = call(&server.url, environment);
        assert!(missing.starts_with("error: configuration no API key for `mistral`"), "{missing}");
        assert!(missing.contains("`MISTRAL_API_KEY`"), "{missing}");
    }
    let unusable = call(&server.url, &[("MISTRAL_API_KEY", "sk-4711\nx-evil: 1")]);
    assert!(unusable.starts_with("error: configuration") && unusable.contains("`MISTRAL_API_KEY`"), "{unusable}");
    assert!(!unusable.contains("4711"), "{unusable}");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn proxies_come_from_the_environment() {
    let servers = servers();
    let proxy = servers.block_on(Server::always(answer(200, &[], COMPLETION)));
    let direct = servers.block_on(Server::always(answer(200, &[], COMPLETION)));
    let key = ("MISTRAL_API_KEY", KEY);

    assert!(call("http://api.example.invalid", &[key, ("HTTP_PROXY", &proxy.url)]).starts_with("answer: "));
    assert!(proxy.seen()[0].head.starts_with("POST http://api.example.invalid/v1/chat/completions HTTP/1.1\r\n"));

    let environment = [key, ("HTTP_PROXY", &proxy.url), ("NO_PROXY", "127.0.0.1,example.com")];
    assert!(call(&direct.url, &environment).starts_with("answer: "));
    assert_eq!((proxy.seen().len(), direct.seen().len()), (1, 1));
}

#[tokio::test]
async fn a_proxy_of_one_s_own() {
    let proxy = Server::always(answer(200, &[], COMPLETION)).await;
    let url = Proxy::new(proxy.url.replace("http://", "http://me:hidden@")).unwrap();
    let builder = client("http://api.example.invalid").0.proxy(url);
    assert!(!format!("{builder:?}").contains("hidden"));
    let client = builder.build().unwrap();
    assert!(!format!("{client:?}").contains("hidden"));
    complete(&client).await.unwrap();
    let seen = proxy.seen();
    assert!(seen[0].head.starts_with("POST http://api.example.invalid/v1/chat/completions "), "{}", seen[0].head);
    assert_eq!(seen[0].header("proxy-authorization"), Some("Basic bWU6aGlkZGVu"));
    for bad in ["", "proxy", "ftp://me:hidden@proxy", "http://me:hidden@:80"] {
        let error = Proxy::new(bad).unwrap_err();
        assert!(error.kind() == ErrorKind::Configuration && !shown(&error).contains("hidden"), "{error}");
    }
}

#[tokio::test]
async fn certificates_of_one_s_own_are_trusted() {
    let url = serve_tls(b"http/1.1", answer_once).await;
    let builder = client(&url).0.max_retries(0);
    let untrusted = complete(&builder.clone().build().unwrap()).await.unwrap_err();
    assert!(untrusted.kind() == ErrorKind::Connection && untrusted.message().contains("certificate"), "{untrusted}");
    complete(&builder.clone().ca_file(authority()).build().unwrap()).await.unwrap();
    for (file, why) in
        [("/nowhere.pem", "No such file"), (concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "none in PEM form")]
    {
        let error = complete(&builder.clone().ca_file(file).build().unwrap()).await.unwrap_err();
        assert!(error.kind() == ErrorKind::Configuration && error.message().contains(why), "{error}");
    }
}

#[test]
fn a_proxy_for_https_never_sees_the_key() {
    let servers = servers();
    let proxy = servers.block_on(Server::always(answer(403, &[], "")));
    let refused = call("https://api.example.invalid", &[("MISTRAL_API_KEY", KEY), ("HTTPS_PROXY", &proxy.url)]);
    assert!(refused.starts_with("error: connection cannot connect to `https://api.example.invalid`"), "{refused}");
    let seen = proxy.seen();
    assert!(seen[0].head.starts_with("CONNECT api.example.invalid:443 HTTP/1.1\r\n"), "{}", seen[0].head);
    assert!(!seen.iter().any(|seen| seen.head.contains(KEY)));
}

/// The test's own authority, as a file.
fn authority() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client/tls/authority.pem").to_str().unwrap().to_owned()
}

#[test]
fn certificates_are_judged_by_the_system_s_trust_store() {
    let servers = servers();
    let url = servers.block_on(serve_tls(b"http/1.1", answer_once));
    let key = ("MISTRAL_API_KEY", KEY);
    let trusted = call(&url, &[key, ("SSL_CERT_FILE", &authority())]);
    assert_eq!(trusted, format!("answer: {COMPLETION}"));
    let nothing_trusted = call(&url, &[key, ("SSL_CERT_FILE", "/dev/null")]);
    assert!(nothing_trusted.starts_with("error: connection cannot connect to"), "{nothing_trusted}");
    assert!(nothing_trusted.contains("certificate"), "{nothing_trusted}");
}

#[test]
fn http2_is_spoken_where_it_is_offered() {
    let servers = servers();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let url = servers.block_on(serve_tls(b"h2", move |stream| {
        let log = Arc::clone(&log);
        async move {
            let mut connection = h2::server::handshake(stream).await.unwrap();
            while let Some(Ok((request, mut respond))) = connection.accept().await {
                log.lock().unwrap().push(request.into_parts().0);
                let head = http::Response::builder().header("content-type", "application/json").body(()).unwrap();
                let mut body = respond.send_response(head, false).unwrap();
                body.send_data(bytes::Bytes::from_static(COMPLETION.as_bytes()), true).unwrap();
            }
        }
    }));
    let outcome = call(&url, &[("MISTRAL_API_KEY", KEY), ("SSL_CERT_FILE", &authority())]);
    assert_eq!(outcome, format!("answer: {COMPLETION}"));
    let seen = seen.lock().unwrap();
    assert_eq!((seen.len(), seen[0].version, seen[0].uri.path()), (1, http::Version::HTTP_2, "/v1/chat/completions"));
    assert_eq!(seen[0].headers["authorization"].to_str().unwrap(), format!("Bearer {KEY}"));
}

async fn answer_once(mut stream: TlsStream<TcpStream>) {
    let mut read = vec![0; 16 << 10];
    // One read holds these small requests.
    if stream.read(&mut read).await.is_ok_and(|read| read > 0) {
        stream.write_all(&answer(200, &[], COMPLETION)).await.unwrap();
        stream.flush().await.unwrap();
    }
}

/// A server with a certificate of the test's own authority that offers one protocol.
async fn serve_tls<F: Future<Output = ()> + Send + 'static>(
    protocol: &[u8],
    serve: impl Fn(TlsStream<TcpStream>) -> F + Send + 'static,
) -> String {
    let certificate = CertificateDer::from(&include_bytes!("tls/server.der")[..]);
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(&include_bytes!("tls/server.key.der")[..]));
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = vec![protocol.to_vec()];
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust us goes away in the handshake.
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(serve(stream));
            }
        }
    });
    url
}
