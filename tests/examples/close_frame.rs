//! The close frame of a gateway, over tokio-tungstenite: the least that a client does.
//!
//! `cargo run --package wirecodes-tests --example close_frame`

use std::error::Error;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, accept_async, connect_async};
use wirecodes::discord::v10::GatewayCloseCode;
use wirecodes::{Action, Policy};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn until_closed(socket: &mut Socket) -> &'static Policy {
    let mut close_code = None;
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Close(frame) => close_code = frame.map(|frame| frame.code.into()),
            message => println!("received {message}"),
        }
    }
    // None: the connection ended without a close frame, for which there is an answer as well.
    GatewayCloseCode::policy_for(close_code)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("ws://{}", gateway.local_addr()?);
    let server = tokio::spawn(async move {
        let (stream, _) = gateway.accept().await.ok()?;
        let mut socket = accept_async(stream).await.ok()?;
        socket.send(Message::text("hello")).await.ok()?;
        socket.close(Some(CloseFrame { code: 4014.into(), reason: "Disallowed intent(s).".into() })).await.ok()
    });
    let (mut socket, _) = connect_async(address).await?;
    let policy = until_closed(&mut socket).await;
    println!("gateway closed: {policy}");
    match policy.action {
        Action::Resume => println!("connect, and resume the session"),
        Action::NewSession => println!("connect, and identify"),
        Action::Stop => println!("stay disconnected, and tell somebody"),
    }
    assert_eq!(policy.action, Action::Stop);
    server.await?;
    Ok(())
}
